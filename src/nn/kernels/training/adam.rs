//! One step of Adam (Kingma and Ba 2015, algorithm 1), in one pass.

use crate::lanes::Four;

/// What all parameters of a step share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam {
    pub beta_1: f32,
    pub beta_2: f32,
    /// The learning rate, with both bias corrections.
    pub rate: f32,
    /// What keeps the division finite, with the second moment's correction.
    pub epsilon: f32,
}

/// `m = beta_1 m + (1 - beta_1) g`, `v = beta_2 v + (1 - beta_2) g^2`, `value -= rate m / (sqrt(v) + epsilon)`.
pub fn adam(rule: Adam, value: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32]) {
    let count = value.len();
    assert!(gradient.len() == count && m.len() == count && v.len() == count);
    for at in (0..count).step_by(4) {
        let changed = step(rule, Four::get(value, at), Four::get(gradient, at), Four::get(m, at), Four::get(v, at));
        changed[0].put(value, at);
        changed[1].put(m, at);
        changed[2].put(v, at);
    }
}

#[inline(always)]
fn step(rule: Adam, value: Four, gradient: Four, m: Four, v: Four) -> [Four; 3] {
    let of = Four::splat;
    let m = of(rule.beta_1).mul(m).add(of(1.0 - rule.beta_1).mul(gradient));
    let v = of(rule.beta_2).mul(v).add(of(1.0 - rule.beta_2).mul(gradient.mul(gradient)));
    let update = m.div(v.sqrt().add(of(rule.epsilon))).mul(of(rule.rate));
    [value.sub(update), m, v]
}

/// `old = share old + (1 - share) new`.
pub fn mix(old: &mut [f32], new: &[f32], share: f32) {
    assert_eq!(old.len(), new.len());
    for at in (0..old.len()).step_by(4) {
        let kept = Four::get(old, at).mul(Four::splat(share));
        kept.add(Four::get(new, at).mul(Four::splat(1.0 - share))).put(old, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_as_the_paper_has_it() {
        let rule = Adam { beta_1: 0.5, beta_2: 0.99, rate: 0.01, epsilon: 1e-8 };
        let numbers = |seed: u32| -> Vec<f32> { (0..11).map(|at| ((at * 7 + seed) % 13) as f32 / 6.0 - 1.0).collect() };
        let (mut value, gradient, mut m, mut v) =
            (numbers(1), numbers(2), numbers(3), numbers(4).iter().map(|x| x * x).collect::<Vec<_>>());
        let before = (value.clone(), m.clone(), v.clone());
        adam(rule, &mut value, &gradient, &mut m, &mut v);
        for at in 0..11 {
            let (g, m_0, v_0) = (gradient[at] as f64, before.1[at] as f64, before.2[at] as f64);
            let (m_1, v_1) = (0.5 * m_0 + 0.5 * g, 0.99 * v_0 + 0.01 * g * g);
            let expected = before.0[at] as f64 - 0.01 * m_1 / (v_1.sqrt() + 1e-8);
            assert!(
                (m[at] as f64 - m_1).abs() < 1e-6
                    && (v[at] as f64 - v_1).abs() < 1e-6
                    && (value[at] as f64 - expected).abs() < 1e-6
            );
        }
    }
}
