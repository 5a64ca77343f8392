use uuid::Uuid;

use super::{Documents, Endpoint, Source};

/// `[assistant]`: the assistant of case workers, an application of Amazon Q Business, which they ask as themselves.
///
/// Environment: `MYDATA_ASSISTANT__APPLICATION_ID`, `__REGION`, `__ENDPOINT_URL`.
#[derive(Clone, Debug)]
pub struct Assistant {
    /// `application_id`: the id of the application, a UUID.
    pub application_id: String,
    /// `region`: that of the application. Default: `documents.region`, if the service exists there.
    pub region: String,
    /// `endpoint_url`: of the service. Default: AWS.
    pub endpoint_url: Option<Endpoint>,
}

const TABLE: &str = "assistant";
/// Where the service exists ("Service endpoints" in the Amazon Q Business user guide).
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"];
const REGION: &str = "one of us-east-1, us-west-2, eu-west-1, ap-southeast-2";

impl Assistant {
    /// Reads the table. `Some(None)` means that there is none; `None` means that it has a fault. `documents` is what was read of
    /// `[documents]`.
    pub(super) fn read(source: &mut Source, documents: Option<&Option<Documents>>) -> Option<Option<Self>> {
        if !source.has_below(TABLE) {
            return Some(None);
        }
        let expected = "the id of an application, such as 5d2c1f3a-7b64-4c8e-9a10-2f6b1c0d3001";
        let application_id = source.required("assistant.application_id", expected, |text| {
            // The service writes it in lower case, with dashes.
            Uuid::try_parse(text).ok().map(|id| id.to_string()).filter(|id| id == text)
        });
        let region =
            source.optional("assistant.region", REGION, |text| REGIONS.contains(&text).then(|| text.to_owned()));
        let endpoint_url = source.optional("assistant.endpoint_url", Endpoint::EXPECTED, Endpoint::parse_base);
        let has_region = region.is_some() || !source.has_fault("assistant.region");
        let documents = documents?;
        let Some(documents) = documents else {
            source.fault(TABLE, "needs [documents]: it is asked with the identity of a case worker");
            return None;
        };
        let region = region.or_else(|| Some(documents.region.clone())).filter(|_| has_region)?;
        if !REGIONS.contains(&&*region) {
            source.fault(
                "assistant.region",
                format!("is missing, and does not exist in documents.region; expected {REGION}"),
            );
            return None;
        }
        Some(Some(Self { application_id: application_id?, region, endpoint_url }))
    }
}
