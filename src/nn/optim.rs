//! Optimisers over named parameters. Their state is plain tensors by parameter name, so that a session file
//! holds it beside the weights and reads it back from any device.

use burn::module::Module;
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(feature = "cpu")]
use super::by_hand;
use super::kernels::training::Adam;
#[cfg(feature = "webgpu")]
use super::on_card;
use super::params::{NamedTensor, map_parameters, named_gradients};
use crate::error::{Error, Result};

/// Keeps the division of Adam's update finite (Kingma and Ba 2015, algorithm 1; PyTorch's default).
const EPSILON: f32 = 1e-8;

/// The name in a saved state of how many steps there were before the moments, and how many bits its second half has.
pub const BEFORE: &str = "before";
const HALF: u32 = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerKind {
    Adam,
    Sgd,
}

/// The rule of one step; all of it may change while training.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub kind: OptimizerKind,
    pub learning_rate: f64,
    pub beta_1: f64,
    pub beta_2: f64,
}

/// First and second moments, and how many steps were taken.
#[derive(Debug, Clone, Default)]
pub struct Optimizer {
    steps: u32,
    /// Steps before the first that the moments have seen: a step of another kind ends them.
    before: u32,
    moments: BTreeMap<String, (Tensor<1>, Tensor<1>)>,
    /// The present step's rule, on the card.
    #[cfg(feature = "webgpu")]
    on_card: Option<on_card::Rule>,
}

impl Optimizer {
    /// One step down the gradients; parameters without one stay.
    pub fn step<M: Module>(&mut self, rule: &Rule, module: M, mut gradients: Gradients) -> M {
        let found = together(named_gradients(&module, &mut gradients));
        self.step_named(rule, module, found)
    }

    /// [`Optimizer::step`] down gradients that were written by hand, flat and by parameter name.
    pub fn step_named<M: Module>(&mut self, rule: &Rule, module: M, mut gradients: BTreeMap<String, Tensor<1>>) -> M {
        self.begin(rule.kind);
        map_parameters(module, |name, value| match gradients.remove(name) {
            Some(gradient) => self.update(rule, name, value, gradient),
            None => value,
        })
    }

    fn begin(&mut self, kind: OptimizerKind) {
        if kind == OptimizerKind::Sgd {
            self.moments.clear();
        }
        if self.moments.is_empty() {
            self.before = self.steps;
        }
        self.steps += 1;
        #[cfg(feature = "webgpu")]
        {
            self.on_card = None;
        }
    }

    fn update(&mut self, rule: &Rule, name: &str, value: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        match rule.kind {
            OptimizerKind::Sgd => value - gradient.mul_scalar(rule.learning_rate),
            OptimizerKind::Adam => self.adam(rule, name, value, gradient),
        }
    }

    /// Adam with the bias corrections folded into the step size and epsilon.
    fn adam(&mut self, rule: &Rule, name: &str, value: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        let (beta_1, beta_2) = (rule.beta_1, rule.beta_2);
        let seen = (self.steps - self.before) as i32;
        let correction_1 = 1.0 - beta_1.powi(seen);
        let correction_2 = (1.0 - beta_2.powi(seen)).sqrt();
        let rate = rule.learning_rate * correction_2 / correction_1;
        let epsilon = EPSILON as f64 * correction_2;
        #[cfg(feature = "cpu")]
        if by_hand::here(&value.device()) {
            let moments = self.moments.remove(name).map(|(m, v)| [m, v]);
            let [value, m, v] = by_hand::adam(single([beta_1, beta_2, rate, epsilon]), value, gradient, moments);
            self.moments.insert(name.to_string(), (m, v));
            return value;
        }
        #[cfg(feature = "webgpu")]
        if on_card::here(&value.device()) {
            let moments = self.moments.remove(name).map(|(m, v)| [m, v]);
            let now = || on_card::Rule::new(single([beta_1, beta_2, rate, epsilon]), &value);
            let rule = self.on_card.get_or_insert_with(now).clone();
            let [value, m, v] = on_card::adam(&rule, value, gradient, moments);
            self.moments.insert(name.to_string(), (m, v));
            return value;
        }
        let fresh_1 = gradient.clone().mul_scalar(1.0 - beta_1);
        let fresh_2 = gradient.clone().mul(gradient).mul_scalar(1.0 - beta_2);
        let (m, v) = match self.moments.remove(name) {
            Some((m, v)) => (m.mul_scalar(beta_1) + fresh_1, v.mul_scalar(beta_2) + fresh_2),
            None => (fresh_1, fresh_2),
        };
        let update = m.clone().div(v.clone().sqrt().add_scalar(epsilon)).mul_scalar(rate);
        self.moments.insert(name.to_string(), (m, v));
        value - update
    }

    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The state as named tensors: `NAME.m` and `NAME.v`; [`BEFORE`], in two halves that single precision holds, where it is not 0.
    pub fn state(&self) -> Vec<NamedTensor> {
        let named =
            |name: String, value: &Tensor<1>| NamedTensor { name, shape: vec![value.dims()[0]], value: value.clone() };
        let before = (self.before > 0).then(|| self.moments.values().next()).flatten().map(|(m, _)| {
            let halves = [self.before >> HALF, self.before & ((1 << HALF) - 1)].map(|half| half as f32);
            named(BEFORE.to_string(), &Tensor::from_data(TensorData::from(halves), &m.device()))
        });
        self.moments
            .iter()
            .flat_map(|(name, (m, v))| [named(format!("{name}.m"), m), named(format!("{name}.v"), v)])
            .chain(before)
            .collect()
    }

    /// The inverse of [`Optimizer::state`].
    pub fn from_state(steps: u32, state: BTreeMap<String, Vec<f32>>, device: &Device) -> Result<Self> {
        let mut halves: BTreeMap<String, (Option<Tensor<1>>, Option<Tensor<1>>)> = BTreeMap::new();
        let mut before = 0;
        for (key, data) in state {
            if key == BEFORE {
                if data.iter().any(|half| half.fract() != 0.0 || !(0.0..65_536.0).contains(half)) {
                    return Err(Error::session(format!("`{BEFORE}` of an optimiser is no number of steps")));
                }
                before = data.iter().fold(0u32, |before, half| (before << HALF) + *half as u32).min(steps);
                continue;
            }
            let tensor = Tensor::from_data(TensorData::from(data.as_slice()), device);
            match key.rsplit_once('.') {
                Some((name, "m")) => halves.entry(name.to_string()).or_default().0 = Some(tensor),
                Some((name, "v")) => halves.entry(name.to_string()).or_default().1 = Some(tensor),
                _ => return Err(Error::session(format!("unknown optimiser state `{key}`"))),
            }
        }
        let moments = halves
            .into_iter()
            .map(|(name, half)| match half {
                (Some(m), Some(v)) if m.dims() == v.dims() => Ok((name, (m, v))),
                _ => Err(Error::session(format!("half of the optimiser state of `{name}` is missing"))),
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            steps,
            before,
            moments,
            #[cfg(feature = "webgpu")]
            on_card: None,
        })
    }
}

/// Gradients over the whole batch.
fn together(gradients: BTreeMap<String, (usize, Tensor<1>)>) -> BTreeMap<String, Tensor<1>> {
    #[cfg(feature = "cpu")]
    if gradients.values().next().is_some_and(|(_, gradient)| by_hand::here(&gradient.device())) {
        return by_hand::together(gradients);
    }
    gradients.into_iter().map(|(name, (_, gradient))| (name, gradient)).collect()
}

fn single(numbers: [f64; 4]) -> Adam {
    let [beta_1, beta_2, rate, epsilon] = numbers.map(|number| number as f32);
    Adam { beta_1, beta_2, rate, epsilon }
}

/// The moving average of a network's weights that samples are drawn from: `decay x average + (1 - decay) x network`
/// (Yazici et al. 2019, "The unusual effectiveness of averaging in GAN training").
pub fn move_average<M: Module>(average: M, network: &M, decay: f64) -> M {
    let mut values: BTreeMap<String, Tensor<1>> =
        super::params::named_parameters(network).into_iter().map(|p| (p.name, p.value)).collect();
    #[cfg(feature = "webgpu")]
    let mut share = None;
    map_parameters(average, |name, old| match values.remove(name) {
        #[cfg(feature = "cpu")]
        Some(new) if by_hand::here(&old.device()) => by_hand::mix(old, new, decay as f32),
        #[cfg(feature = "webgpu")]
        Some(new) if on_card::here(&old.device()) => {
            let share = share.get_or_insert_with(|| on_card::Share::new(decay as f32, &old));
            on_card::mix(share, old, new)
        }
        Some(new) => old.mul_scalar(decay) + new.mul_scalar(1.0 - decay),
        None => old,
    })
}

/// Every weight held within `[-limit, limit]` (Arjovsky et al. 2017, algorithm 1, line 7); moments that a norm gathers are no weights.
pub fn clip_weights<M: Module>(network: M, limit: f64) -> M {
    map_parameters(network, |name, value| match name.ends_with(".running_mean") || name.ends_with(".running_var") {
        true => value,
        false => value.clamp(-limit, limit),
    })
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use burn::module::Param;

    #[derive(Module, Debug)]
    struct One {
        weight: Param<Tensor<1>>,
    }

    fn moved(optimizer: &mut Optimizer, kind: OptimizerKind) -> f32 {
        let device = Device::flex();
        let rule = Rule { kind, learning_rate: 1.0, beta_1: 0.0, beta_2: 0.999 };
        let network = One { weight: Param::from_tensor(Tensor::zeros([1], &device)) };
        let gradients = BTreeMap::from([("weight".to_string(), Tensor::from_floats([0.5], &device))]);
        optimizer.step_named(&rule, network, gradients).weight.val().into_scalar::<f32>()
    }

    fn saved(optimizer: &Optimizer) -> Optimizer {
        let values = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().unwrap();
        let state = optimizer.state().into_iter().map(|each| (each.name, values(each.value))).collect();
        Optimizer::from_state(optimizer.steps(), state, &Device::flex()).unwrap()
    }

    #[test]
    fn adam_after_other_steps_begins_as_a_fresh_one() {
        let (mut fresh, mut used) = (Optimizer::default(), Optimizer::default());
        moved(&mut used, OptimizerKind::Adam);
        for _ in 0..70_000 {
            moved(&mut used, OptimizerKind::Sgd);
        }
        for _ in 0..3 {
            let [one, other] = [&mut fresh, &mut used].map(|optimizer| moved(optimizer, OptimizerKind::Adam));
            assert_eq!(one, other);
            used = saved(&used);
        }
        assert_eq!((used.steps(), used.before), (70_004, 70_001));
    }
}
