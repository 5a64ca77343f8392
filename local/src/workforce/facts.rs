//! The fixed facts in the documents of the directory's vendor.

/// How the directory presents itself, and how the local set-up uses it.
pub(crate) struct Facts {
    /// Identifies the vendor in the configuration of the relying party.
    pub(crate) kind: &'static str,
    /// The name that people read.
    pub(crate) display_name: &'static str,
    /// Its name in the user pool, for `identity_provider`.
    pub(crate) pool_name: &'static str,
    /// The namespace of its identifiers in the example configuration.
    pub(crate) namespace: &'static str,
    /// The part of the entity id after the origin.
    pub(crate) entity_id: &'static str,
    /// The name of the attribute with the user id.
    pub(crate) user_id_attribute: &'static str,
    /// The attribute mapping of the user pool: its attribute, the directory's.
    pub(crate) mapping: &'static [(&'static str, &'static str)],
}
