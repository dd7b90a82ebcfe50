//! What the bus tells of itself: its sagas, and where services are.

mod registry;
mod saga;

pub use registry::{DiscoveredService, RegisterService, RegisteredService, ServiceCheck, ServiceInstance};
pub use saga::{Saga, SagaState, StepRecord, StepState};
