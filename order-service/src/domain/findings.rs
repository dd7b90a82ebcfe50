//! Everything that is wrong with a request, gathered before it is refused.

use contracts::FieldError;

use super::OrderError;

/// What is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<FieldError>);

impl Findings {
    pub(super) fn note(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer, detail));
    }

    /// The text without space around it; noted where nothing or too much is left.
    pub(super) fn text(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        let text = text.trim();
        let chars = text.chars().count();
        if chars == 0 {
            self.note(pointer, "must not be empty");
        }
        if chars > chars_max {
            self.note(pointer, format!("must have at most {chars_max} characters; these are {chars}"));
        }
        text.to_owned()
    }

    /// The refusal, unless all is well.
    pub(super) fn settle(self) -> Result<(), OrderError> {
        if self.0.is_empty() { Ok(()) } else { Err(OrderError::Invalid(self.0)) }
    }
}
