//! The only async layer: what awaits a device. One readback a report.

pub mod bands;
pub mod check;
pub mod checkpoint;
pub mod cyclegan;
pub mod drgan;
pub mod export;
pub mod faces;
mod file;
pub mod gan;
pub mod inspect;
#[cfg(feature = "train")]
pub mod photos;
pub mod pictures;
pub mod realism;
pub mod report;
pub mod rgan;
pub mod samples;
pub mod smile;
pub mod training;
pub mod translation;

use burn::tensor::{TensorData, Transaction};

use crate::error::{Error, Result};

/// Reads everything registered, in order, as f32.
pub(crate) async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
    let data = transaction.execute_async().await.map_err(Error::unread)?;
    data.into_iter().map(floats).collect()
}

fn floats(data: TensorData) -> Result<Vec<f32>> {
    data.try_to_vec().map_err(|e| Error::Internal { message: format!("{e:?}") })
}
