//! What learns: layers there and back, over slices with channels last, and one step of Adam. Sums run in a fixed order.

mod adam;
mod bend;
mod dense;
mod lstm;
mod norm;
mod outer;
mod padded;
pub mod planes;
mod sliding;

pub use adam::{Adam, adam, mix};
pub use bend::{Bend, slopes};
pub use dense::Dense;
pub use lstm::{Lstm, Run};
pub use norm::{BatchNorm, InstanceNorm};
pub use outer::over_rows;
pub use padded::Maps;
pub use sliding::Sliding;
