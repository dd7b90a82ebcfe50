//! What every document is made of: ids, money, countries, pages.

mod country;
mod id;
mod money;
mod page;

pub use country::is_country;
pub use id::{Id, InvalidId};
pub use money::{AMOUNT_MAX, Currency, Money, MoneyError};
pub use page::{LIMIT_DEFAULT, LIMIT_MAX, Page, PageQuery};
