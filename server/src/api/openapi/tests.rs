//! The description, made from the handlers and completed by what holds for all of them.

use std::{env, fs};

use app::pages::problems::ProblemKind;
use serde_json::{Value, json};
use utoipa::{OpenApi, ToSchema};

use super::DESCRIPTION;
use crate::{
    api::{activity, conditions::PATTERN, export, message},
    export::SCHEMA,
    failure::problem::{CHALLENGE, MEDIA_TYPE, ProblemDetails, status},
};

/// The file of the description, from the folder of this crate.
const FILE: &str = "src/api/openapi.json";
/// Tells the test to write the file.
const UPDATE: &str = "UPDATE_OPENAPI";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "My Data",
        version = "1",
        description = "A citizen's message, for programs that bring an ID token of the citizen. A change that could break a \
                       program gets a new path, such as `/v2`. Members may be added to what is sent: ignore those that you \
                       do not know.",
    ),
    servers((url = "/", description = "This site.")),
    paths(message::read, message::save, message::delete, activity::list, export::export, super::describe),
    components(schemas(ProblemDetails)),
    tags(
        (name = "message", description = "The citizen's message: at most 2,000 characters."),
        (name = "activity", description = "What was done with the citizen's data, and when."),
        (name = "export", description = "Everything that is held about the citizen."),
        (name = "description", description = "This description."),
    ),
)]
struct Described;

/// A page of the activity.
#[derive(ToSchema)]
#[schema(as = ActivityPage)]
#[expect(dead_code, reason = "it only describes")]
pub(in crate::api) struct Page {
    /// The newest first.
    items: Vec<Value>,
    /// Where the next page starts; null on the last page.
    #[schema(required)]
    next: Option<uuid::Uuid>,
}

/// The document of `export-1.schema.json`, which takes its place.
#[derive(ToSchema)]
pub(in crate::api) struct Export;

/// The whole description, as the text of its file.
fn description() -> String {
    let mut document = json!(Described::openapi());
    document["components"]["securitySchemes"] = json!({ "idToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An ID token of the user pool, for this site's app client. It is valid for as long as its exp says.",
    } });
    document["security"] = json!([{ "idToken": [] }]);
    // utoipa adds an empty one.
    document["info"].as_object_mut().unwrap().remove("license");
    add_export(&mut document);
    let paths = document["paths"].as_object_mut().unwrap();
    for operation in paths.values_mut().flat_map(|path| path.as_object_mut().unwrap().values_mut()) {
        complete(operation);
        add_links(operation);
    }
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

/// Puts the schema of an export in its place, and that of its items in the page of the activity.
fn add_export(document: &mut Value) {
    const PLACE: &str = "#/components/schemas/Export";
    fn relocate(value: &mut Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get_mut("$ref") {
                    *reference = reference.replacen('#', PLACE, 1);
                }
                members.values_mut().for_each(relocate);
            }
            Value::Array(items) => items.iter_mut().for_each(relocate),
            _ => (),
        }
    }
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    schema.as_object_mut().unwrap().remove("$schema");
    relocate(&mut schema);
    let schemas = &mut document["components"]["schemas"];
    schemas["Export"] = schema;
    schemas["ActivityPage"]["properties"]["items"]["items"] =
        json!({ "$ref": format!("{PLACE}/properties/activity/items") });
}

/// Adds to an operation what holds for all of them.
fn complete(operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let schema = &mut parameter["schema"];
        // A parameter can be left out, and cannot be null.
        if let Some([kind, _]) = schema["type"].as_array().map(Vec::as_slice) {
            schema["type"] = kind.clone();
        }
        if parameter["in"] == "header" {
            parameter["schema"] = json!({ "type": "string", "anyOf": [{ "const": "*" }, { "pattern": PATTERN }] });
        }
    }
    let operation_id = operation["operationId"].as_str().unwrap().to_owned();
    let needs_token = operation["security"] != json!([{}]);
    let responses = operation["responses"].as_object_mut().unwrap();
    for (kind, description) in [
        (ProblemKind::InvalidRequest, "Part of the request cannot be read, or the body ended early."),
        (ProblemKind::Unauthenticated, "There is no token, or it is not accepted. WWW-Authenticate says why."),
        (ProblemKind::TooSlow, "The body did not arrive in time."),
        (ProblemKind::TooLarge, "The body is over 64 KiB."),
        (ProblemKind::TooManyRequests, "Too many requests: of this address, or about this citizen."),
        (ProblemKind::Internal, "A fault in the service."),
        (ProblemKind::Unavailable, "The service cannot answer right now."),
    ] {
        if needs_token || kind != ProblemKind::Unauthenticated {
            let code = status(kind).as_u16().to_string();
            responses.entry(code).or_insert_with(|| json!({ "description": description }));
        }
    }
    for &kind in ProblemKind::ALL {
        if let Some(response) = responses.get_mut(status(kind).as_str()) {
            explain(response, kind);
        }
    }
    for (status, response) in responses.iter_mut() {
        if refers_to_message(response) || status == "304" && response["headers"].is_null() {
            response["headers"]["ETag"] = header("The version, in quotation marks.", "string");
        }
        if operation_id == "saveMessage" && refers_to_message(response) {
            response["headers"]["Content-Location"] = header("`/v1/message`: the body is the message.", "string");
        }
        let headers = response.get_mut("headers").and_then(Value::as_object_mut);
        for (_, header) in headers.into_iter().flatten() {
            header.as_object_mut().unwrap().entry("required").or_insert(json!(true));
        }
    }
}

fn header(description: &str, kind: &str) -> Value {
    json!({ "description": description, "schema": { "type": kind } })
}

/// Whether the body of a response is the message.
fn refers_to_message(response: &Value) -> bool {
    response["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/Message"
}

/// What can be done next: with the entity tag of a message, or where none is saved.
fn add_links(operation: &mut Value) {
    let link = |operation: &str, header: &str, value: &str, description: &str| {
        let parameters = json!({ (format!("header.{header}")): value });
        json!({ "operationId": operation, "parameters": parameters, "description": description })
    };
    let tag = "$response.header.ETag";
    let of_message = json!({
        "poll": link("readMessage", "If-None-Match", tag, "Read the message again if it has changed."),
        "replace": link("saveMessage", "If-Match", tag, "Replace this version."),
        "delete": link("deleteMessage", "If-Match", tag, "Delete this version."),
    });
    let of_none = json!({ "create": link("saveMessage", "If-None-Match", "*", "Save the first message.") });
    let has_none = match operation["operationId"].as_str() {
        Some("readMessage") => Some("404"),
        Some("deleteMessage") => Some("204"),
        _ => None,
    };
    for (status, response) in operation["responses"].as_object_mut().unwrap() {
        if refers_to_message(response) {
            response["links"] = of_message.clone();
        } else if has_none == Some(status) {
            response["links"] = of_none.clone();
        }
    }
}

/// Adds the body and the headers of a problem to its response.
fn explain(response: &mut Value, kind: ProblemKind) {
    let example = json!({
        "type": format!("https://mydata.example/problems#{}", kind.slug()),
        "title": kind.title(),
        "status": status(kind).as_u16(),
        "detail": response["description"],
        "instance": "urn:mydata:3F9A-12C7",
    });
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    response["content"] = json!({ MEDIA_TYPE: { "schema": schema, "example": example } });
    let optional = |text: &str| json!({ "description": text, "schema": { "type": "string" }, "required": false });
    match kind {
        ProblemKind::InvalidRequest => {
            let text = "Only if the header Authorization cannot be read: `error=\"invalid_request\"` (RFC 6750, 3.1).";
            response["headers"]["WWW-Authenticate"] = optional(text);
        }
        ProblemKind::Conflict => {
            response["headers"]["ETag"] =
                optional("The version that is saved, in quotation marks; none if nothing is saved.");
        }
        ProblemKind::Unauthenticated => {
            let text = format!(
                "`{CHALLENGE}`. With `error=\"invalid_token\"` and error_description if a token came (RFC 6750, 3)."
            );
            response["headers"]["WWW-Authenticate"] = header(&text, "string");
        }
        ProblemKind::TooManyRequests | ProblemKind::Unavailable => {
            response["headers"]["Retry-After"] = header("How many seconds to wait.", "integer");
        }
        _ => (),
    }
}

#[test]
fn the_description_is_that_of_the_handlers() {
    let description = description();
    if env::var_os(UPDATE).is_some() {
        fs::write(FILE, &description).unwrap();
        return;
    }
    assert_eq!(description, DESCRIPTION, "{FILE} is old. Run this test with {UPDATE}=1, and check what has changed.");
}
