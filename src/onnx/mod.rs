//! Generators as ONNX files (Open Neural Network Exchange, operator set 17), which other runtimes open: graphs and weights in one. The
//! weights come by the names and in the layout that PyTorch has, as in the safetensors file of the same generator.

mod graph;
mod pictures;
mod proto;
mod vectors;

use std::collections::BTreeMap;

use crate::error::Result;
use crate::weights::Arrays;
use graph::Builder;
pub use pictures::{Translator, Turner};
pub use vectors::{Convolutional, Perceptron, Recurrent};

/// How a kind of generator is drawn.
pub trait Plan {
    #[doc(hidden)]
    fn draw(&self, graph: &mut Builder) -> Result<()>;

    /// Its sizes, for whoever builds it anew around the weights.
    fn about(&self) -> serde_json::Value;
}

/// The file of a generator: `about` becomes its properties.
pub fn write(plan: &dyn Plan, weights: &Arrays, about: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut graph = Builder::new("generator", weights);
    plan.draw(&mut graph)?;
    let family = about.get("family").map_or("GAN", String::as_str);
    Ok(graph.finish(&format!("A generator of the family {family}, trained in GAN Atelier."), about))
}
