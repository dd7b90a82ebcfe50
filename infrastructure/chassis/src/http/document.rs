//! Our OpenAPI documents, completed: every answer has the description that the standard asks for.

use serde_json::Value;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Says of every answer in this OpenAPI document what its status means, where the document does not.
pub fn describe_answers(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(serde_json::Map::values_mut).filter_map(Value::as_object_mut) {
        for (_, operation) in item.iter_mut().filter(|(name, _)| METHODS.contains(&name.as_str())) {
            let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
            answers.into_iter().flatten().for_each(|(status, answer)| describe(status, answer));
        }
    }
}

fn describe(status: &str, answer: &mut Value) {
    let Some(answer) = answer.as_object_mut().filter(|answer| !answer.contains_key("$ref")) else { return };
    answer.entry("description").or_insert_with(|| meaning(status).into());
}

/// What a status means here, in the words of [`crate::Kind`].
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "done",
        "201" => "made",
        "202" => "taken, and not settled yet",
        "204" => "done, and nothing to say about it",
        "302" => "it is elsewhere",
        "304" => "as you know it",
        "400" => "it can't be parsed",
        "401" => "no good token",
        "402" => "declined",
        "403" => "not for this caller",
        "404" => "no such thing",
        "405" => "not with this method",
        "406" => "not in this format",
        "409" => "not as things stand",
        "412" => "it has changed meanwhile",
        "413" => "too large",
        "415" => "not a format that is understood",
        "422" => "understood, but wrong",
        "429" => "too often: try again after `Retry-After`",
        "500" => "a mistake of ours",
        "502" => "a service behind this one answered nonsense",
        "503" => "not now: try again",
        "504" => "a service behind this one took too long",
        _ => other(status),
    }
}

fn other(status: &str) -> &'static str {
    match status.as_bytes().first() {
        Some(b'1' | b'2') => "done",
        Some(b'3') => "it is elsewhere",
        Some(b'4') => "refused",
        Some(b'5') => "it can't be done right now",
        _ => "any other answer",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::describe_answers;

    #[test]
    fn what_is_not_said_is_said_by_the_status_and_what_is_said_stays() {
        let answers = json!({
            "200": {"description": "a shelf"}, "404": {}, "418": {"content": {}}, "default": {},
            "503": {"$ref": "#/components/responses/Down"},
        });
        let mut document = json!({"paths": {"/shelves": {"get": {"responses": answers}, "parameters": []}}});
        describe_answers(&mut document);
        let told = json!({
            "200": {"description": "a shelf"}, "404": {"description": "no such thing"},
            "418": {"description": "refused", "content": {}}, "default": {"description": "any other answer"},
            "503": {"$ref": "#/components/responses/Down"},
        });
        assert_eq!(document, json!({"paths": {"/shelves": {"get": {"responses": told}, "parameters": []}}}));
    }
}
