//! Private copies of the real engines and of our binaries, as child processes that tests and `cargo xtask` can start,
//! kill, pause and restart.

pub mod binary;
pub mod engine;
pub mod http;
pub mod issuer;
pub mod lock;
pub mod port;
pub mod process;
pub mod program;
pub mod shared;
pub mod system;
pub mod wait;

pub use binary::Binary;
pub use engine::{Engine, Engines, Sites, Vhost};
pub use issuer::Issuer;
pub use program::{judge, python};
pub use shared::{Shared, shared};
pub use system::web::Web;
pub use system::{System, web};
