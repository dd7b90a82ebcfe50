//! Arrays without a wrapper: their items may stand between other elements, and are brought together.

use super::Reading;
use crate::plan::node::{Object, Place};

/// Where the value of an element was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    /// That of the object; behind the last one: a whole member.
    pub(super) field: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Reading<'_, '_> {
    /// Makes members of the values that were written from `begin` on.
    pub(super) fn assemble(&mut self, object: &Object, base: usize, begin: usize) {
        let mut occurrences = self.occurrences.split_off(base);
        occurrences.sort_unstable_by_key(|occurrence| (occurrence.field, occurrence.start));
        let values = self.json.split_off(begin);
        for group in occurrences.chunk_by(|one, other| one.field == other.field) {
            let written = |occurrence: &Occurrence| values.get(occurrence.start - begin..occurrence.end - begin);
            let parts = group.iter().filter_map(written);
            let field = group.first().and_then(|first| object.fields.get(first.field));
            match field {
                Some(field) => {
                    self.separate();
                    self.json.extend_from_slice(&field.quoted);
                    self.array(parts, field.place);
                }
                None => parts.for_each(|part| {
                    self.separate();
                    self.json.extend_from_slice(part);
                }),
            }
        }
    }

    fn array<'v>(&mut self, parts: impl Iterator<Item = &'v [u8]>, place: Place) {
        let repeated = place == Place::Repeated;
        if repeated {
            self.json.push(b'[');
        }
        for (index, part) in parts.enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.json.extend_from_slice(part);
        }
        if repeated {
            self.json.push(b']');
        }
    }
}
