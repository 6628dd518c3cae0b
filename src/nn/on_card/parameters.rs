//! What changes parameters, in their own memory where nothing else holds it: one dispatch a parameter.

use burn::tensor::{Tensor, TensorData};
use burn_wgpu::{CubeTensor, Wgpu};

use super::Given;
use super::launch::room_like;
use super::simple::each;
use crate::nn::kernels::training::Adam;

/// The numbers of one step's rule, on the card for all parameters.
#[derive(Debug, Clone)]
pub struct Rule(CubeTensor);

impl Rule {
    pub fn new(Adam { beta_1, beta_2, rate, epsilon }: Adam, like: &Tensor<1>) -> Self {
        let numbers = TensorData::new(vec![beta_1, beta_2, rate, epsilon], [4]);
        Self(numbers_of(Tensor::from_data(numbers, &like.device())))
    }
}

/// What an average keeps of itself, on the card for all parameters.
#[derive(Debug, Clone)]
pub struct Share(CubeTensor);

impl Share {
    pub fn new(share: f32, like: &Tensor<1>) -> Self {
        Self(numbers_of(Tensor::from_data(TensorData::new(vec![share], [1]), &like.device())))
    }
}

fn numbers_of(tensor: Tensor<1>) -> CubeTensor {
    let Given { numbers, tracked } = Given::<Wgpu>::from(tensor);
    assert!(tracked.is_none(), "parameters change outside automatic differentiation");
    numbers
}

/// Numbers that may be written over: these, or room for what becomes of them.
struct Own {
    before: CubeTensor,
    after: Option<CubeTensor>,
}

impl Own {
    fn of(tensor: Tensor<1>) -> Self {
        let before = numbers_of(tensor);
        // What is held elsewhere, by a copy that is still to be read, stays as it is.
        let after = (!(before.can_mut() && before.is_contiguous_buffer())).then(|| room_like(&before));
        Self { before, after }
    }

    fn made(self) -> Tensor<1> {
        Tensor::from_primitive::<Wgpu>(self.after.unwrap_or(self.before))
    }
}

/// Runs `work`, which reads `NAME[at]` and says what `next_NAME` is, with what is to be changed by name and with what is only read.
fn change<const N: usize>(
    names: [&str; N],
    own: [Own; N],
    given: &[(&str, &CubeTensor)],
    work: &str,
) -> [Tensor<1>; N] {
    let into: [String; N] = names.map(|name| format!("into_{name}"));
    let (mut given, mut made, mut stored) = (given.to_vec(), Vec::new(), String::new());
    for ((name, into), own) in names.iter().zip(&into).zip(&own) {
        let place = match &own.after {
            Some(after) => {
                given.push((name, &own.before));
                made.push((into.as_str(), after));
                into
            }
            None => {
                made.push((name, &own.before));
                *name
            }
        };
        stored += &format!("{place}[at] = next_{name};\n");
    }
    each(&given, &made, &format!("{work}\n{stored}"));
    own.map(Own::made)
}

/// Parameters after a step, and both moments.
pub fn adam(rule: &Rule, value: Tensor<1>, gradient: Tensor<1>, moments: Option<[Tensor<1>; 2]>) -> [Tensor<1>; 3] {
    let zeros = || Tensor::zeros([value.dims()[0]], &value.device());
    let [m, v] = moments.unwrap_or_else(|| [zeros(), zeros()]);
    let gradient = numbers_of(gradient);
    let work = "
  let next_m = rule[0] * m[at] + (1.0 - rule[0]) * gradient[at];
  let next_v = rule[1] * v[at] + (1.0 - rule[1]) * gradient[at] * gradient[at];
  let next_value = value[at] - rule[2] * next_m / (sqrt(next_v) + rule[3]);";
    let own = [m, v, value].map(Own::of);
    let [m, v, value] = change(["m", "v", "value"], own, &[("rule", &rule.0), ("gradient", &gradient)], work);
    [value, m, v]
}

/// `share old + (1 - share) new`, for a share on the card: it changes from step to step, and no text should.
pub fn mix(share: &Share, old: Tensor<1>, new: Tensor<1>) -> Tensor<1> {
    let new = numbers_of(new);
    let work = "let next_old = share[0] * old[at] + (1.0 - share[0]) * new_one[at];";
    let [mixed] = change(["old"], [Own::of(old)], &[("share", &share.0), ("new_one", &new)], work);
    mixed
}
