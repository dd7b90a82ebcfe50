//! Addresses that can at least be written on an envelope.

use contracts::{AddressChange, NewAddress};

use super::country::country;
use super::text::line;
use super::{CustomerError, Mistakes};

/// How many addresses a customer keeps at most.
pub(crate) const ADDRESSES_MAX: i64 = 50;
const LINE_MAX: usize = 200;
const CITY_MAX: usize = 100;
const POSTAL_CODE_MAX: usize = 20;

/// What stands on the envelope.
#[derive(Debug, Clone)]
pub(crate) struct AddressLines {
    pub(crate) name: String,
    pub(crate) line1: String,
    pub(crate) line2: Option<String>,
    pub(crate) city: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// What of an address changes.
#[derive(Debug, Clone)]
#[expect(clippy::option_option, reason = "absent, taken away and changed are three things")]
pub(crate) struct AddressEdit {
    pub(crate) name: Option<String>,
    pub(crate) line1: Option<String>,
    /// `Some(None)` takes it away.
    pub(crate) line2: Option<Option<String>>,
    pub(crate) city: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) default: Option<bool>,
}

impl AddressLines {
    /// The lines of `new`.
    pub(crate) fn parse(new: &NewAddress) -> Result<Self, CustomerError> {
        let mut mistakes = Mistakes::default();
        let lines = Lines {
            name: mistakes.keep("/name", line(&new.name, LINE_MAX)),
            line1: mistakes.keep("/line1", line(&new.line1, LINE_MAX)),
            line2: mistakes.keep("/line2", second_line(new.line2.as_deref())),
            city: mistakes.keep("/city", line(&new.city, CITY_MAX)),
            postal_code: mistakes.keep("/postal_code", line(&new.postal_code, POSTAL_CODE_MAX)),
            country: mistakes.keep("/country", country(&new.country)),
        };
        mistakes.unless_any(lines.all())
    }
}

/// Lines that may have failed to parse.
#[expect(clippy::option_option, reason = "the second line may be absent, and may be wrong")]
struct Lines {
    name: Option<String>,
    line1: Option<String>,
    line2: Option<Option<String>>,
    city: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl Lines {
    fn all(self) -> Option<AddressLines> {
        Some(AddressLines {
            name: self.name?,
            line1: self.line1?,
            line2: self.line2?,
            city: self.city?,
            postal_code: self.postal_code?,
            country: self.country?,
        })
    }
}

impl AddressEdit {
    /// The edit in `change`.
    pub(crate) fn parse(change: &AddressChange) -> Result<Self, CustomerError> {
        let mut mistakes = Mistakes::default();
        let limited = |text: &Option<String>, chars_max| text.as_deref().map(|text| line(text, chars_max));
        let edit = Self {
            name: mistakes.keep_some("/name", limited(&change.name, LINE_MAX)),
            line1: mistakes.keep_some("/line1", limited(&change.line1, LINE_MAX)),
            line2: mistakes.keep_some("/line2", change.line2.as_deref().map(|text| second_line(Some(text)))),
            city: mistakes.keep_some("/city", limited(&change.city, CITY_MAX)),
            postal_code: mistakes.keep_some("/postal_code", limited(&change.postal_code, POSTAL_CODE_MAX)),
            country: mistakes.keep_some("/country", change.country.as_deref().map(country)),
            default: change.default,
        };
        mistakes.unless_any(Some(edit))
    }
}

/// The second line: none where it is empty.
fn second_line(text: Option<&str>) -> Result<Option<String>, String> {
    text.filter(|text| !text.trim().is_empty()).map(|text| line(text, LINE_MAX)).transpose()
}
