//! What a request must pass before it goes anywhere.

mod allow;
mod key;
mod media;
mod networks;
mod rate;
mod replay;
mod secrecy;

pub use allow::{Allow, admit};
pub use key::{IdempotencyKey, digest};
pub use media::{Formats, Media};
pub use networks::{Networks, Origin};
pub use rate::{By, Limit, Limits, Rate, Standing};
pub use replay::{Answered, KEY_HEADER, REPLAYED, Replay, Reserved, Ticket, Wish, in_progress, mismatch, unavailable};
