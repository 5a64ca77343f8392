//! The values of labels that no configuration changes.

use super::label::labels;

labels! {
    /// How a request ended.
    RequestOutcome {
        /// It was answered, and the server did not fail.
        Answered = "answered",
        /// The server failed: the status is 5xx.
        Failed = "failed",
        /// The connection ended before the answer.
        Unanswered = "unanswered",
    }

    /// How a sign-in ended.
    SignInOutcome {
        /// The citizen is signed in.
        Success = "success",
        /// The citizen or the provider declined.
        Cancelled = "cancelled",
        /// It begins again: the user pool ignored `prompt=login`.
        Repeated = "repeated",
        /// The browser has visited the callback again after a success.
        AlreadySignedIn = "already_signed_in",
        /// The citizen's data is being deleted.
        BeingDeleted = "being_deleted",
        /// The callback has no sign-in that this browser has started, or one that was used.
        Invalid = "invalid",
        /// The browser brought an error of the user pool or the provider. A visitor can make one up.
        ProviderError = "provider_error",
        /// The user pool does not know the code that the browser brought. A visitor can make one up.
        CodeRejected = "code_rejected",
        /// The ID token failed a check.
        Rejected = "rejected",
        /// The ID token has no number.
        NoNumber = "no_number",
        /// The ID token names another provider than the chosen one.
        OtherProvider = "other_provider",
        /// The ID token is from an earlier sign-in.
        Stale = "stale",
        /// The user pool does not accept this app client, or its token endpoint answers something else than tokens.
        ClientRejected = "client_rejected",
        /// The user pool does not accept the app client's secret, and the new one cannot be loaded.
        SecretUnavailable = "secret_unavailable",
        /// The token endpoint or the signing keys cannot be reached.
        UserPoolUnavailable = "user_pool_unavailable",
        /// The tables do not answer.
        TablesUnavailable = "tables_unavailable",
        /// The calls took too long together.
        Timeout = "timeout",
        /// A fault of this server.
        Internal = "internal",
    }

    /// Why a session ended.
    SessionEnd {
        /// The citizen signed out.
        SignedOut = "signed_out",
        /// The browser has signed in again.
        NewSignIn = "new_sign_in",
        /// It expired, and the browser came back.
        Expired = "expired",
        /// The citizen ended it from another device.
        OtherDevice = "other_device",
    }

    /// How a save of a message ended.
    SaveOutcome {
        /// It is stored.
        Stored = "stored",
        /// Another text was saved since.
        Conflict = "conflict",
        /// The table does not answer.
        Failed = "failed",
    }

    /// Why the API refused a token.
    TokenRefusal {
        /// It is not a readable JWT that is signed with RS256.
        Malformed = "malformed",
        /// No key has its id, or the signature is wrong.
        Signature = "signature",
        /// It comes from another issuer, or is for another app client or use.
        Audience = "audience",
        /// It has expired, or is not valid yet.
        Time = "time",
        /// It does not name one provider and one number.
        Identity = "identity",
    }

    /// How a token request to a bridge ended.
    BridgeOutcome {
        /// The provider's response was forwarded.
        Forwarded = "forwarded",
        /// The sender is not the user pool, or its request is invalid.
        Refused = "refused",
        /// The provider refused the request (400). A visitor can make a code up, so that it does.
        CodeRejected = "code_rejected",
        /// The provider answered with another error, or with something else than tokens.
        ProviderError = "provider_error",
        /// The provider or its keys cannot be reached in time.
        ProviderUnavailable = "provider_unavailable",
        /// The provider's ID token failed a check.
        TokenRejected = "token_rejected",
        /// A fault of this server.
        Internal = "internal",
    }

    /// A budget: how often one address, or requests about one citizen, may do something.
    Budget {
        /// Started sign-ins.
        SignIns = "sign_ins",
        /// Browsers that return from the user pool.
        Callbacks = "callbacks",
        /// Requests that may change something.
        Writes = "writes",
        /// Exports.
        Exports = "exports",
        /// Lists of documents, and downloads.
        Documents = "documents",
        /// Questions to the assistant.
        Questions = "questions",
        /// Browsers that pass through a bridge.
        BridgeVisits = "bridge_visits",
        /// Token requests that a bridge refuses.
        BridgeRefusals = "bridge_refusals",
        /// Sign-outs with an unknown session id. They are not refused.
        UnknownSignOuts = "unknown_sign_outs",
        /// Requests to the API.
        Api = "api",
        /// Requests to the API without a valid token.
        ApiRefusals = "api_refusals",
        /// Requests to the API about one citizen.
        ApiSubjects = "api_subjects",
    }

    /// A limit on connections.
    ConnectionLimit {
        /// `limits.connections`
        Total = "connections",
        /// `limits.connections_per_address`
        PerAddress = "connections_per_address",
        /// The limit on file descriptors, or another one of the system.
        Descriptors = "file_descriptors",
    }

    /// Which connections.
    Pool {
        /// Within the limits.
        Main = "main",
        /// Over a limit.
        Reserve = "reserve",
    }

    /// Why the head of a request could not be read.
    Unreadable {
        /// It is not HTTP/1.1: for example TLS, or HTTP/2.
        Malformed = "malformed",
        /// It is too large.
        TooLarge = "too_large",
    }

    /// A log.
    LogName {
        /// The log, on standard error.
        Main = "main",
        /// The security log.
        Security = "security",
    }

    /// What the server needs to be ready.
    Part {
        /// Both tables answer.
        Tables = "tables",
        /// The user pool's signing keys are loaded, and not too old.
        SigningKeys = "signing_keys",
    }

    /// Why spans were lost.
    SpanLoss {
        /// The queue was full.
        QueueFull = "queue_full",
        /// The collector did not answer, or did not accept them.
        ExportFailed = "export_failed",
    }
}
