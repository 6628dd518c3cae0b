//! Convolutions of few channels and their transposes, without shared memory: tiles would stand half empty, and their text takes long to compile.

use super::halves::Stored;
use super::launch::{Shader, read};
use super::products::Geometry;

/// Threads of a workgroup.
const THREADS: usize = 64;
/// From so many places on a thread makes four of them, with the same weights.
const MANY: usize = 256;
/// Below so many channels made, or numbers under a window, a product through shared memory gains nothing.
const CHANNELS: usize = 32;
const NUMBERS: usize = 512;

pub fn fits(co: usize, k: usize) -> bool {
    co < CHANNELS || k < NUMBERS
}

/// What tells a convolution from its transpose.
pub struct Reach {
    /// Names the sizes, `all` places among them.
    pub sizes: String,
    /// Of the place `place_LANE`: `row_LANE` and `column_LANE`, and what else the lines below name.
    pub place: fn(&str) -> String,
    /// Names the weight's `tap`.
    pub tap: String,
    /// `y_LANE` and `z_LANE` under this tap, and whether there is a number: `on_LANE`.
    pub reach: fn(&str) -> String,
    /// Where the channel `CHANNEL` of `place_LANE` lies in the output.
    pub stored: fn(&Geometry, &str, &str) -> String,
    pub taps: usize,
    pub next: [usize; 2],
}

/// A thread's share of places, and of channels by four.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    lanes: usize,
    fours: usize,
}

impl Share {
    /// Halves are made two beside each other.
    pub fn of(places: usize, co: usize, made: Stored) -> Self {
        let fours = match co {
            0..=4 => 1,
            5..=8 => 2,
            _ => 4,
        };
        Self { lanes: if places < MANY { made.together() } else { 4 }, fours }
    }

    /// Workgroups for that many places.
    pub fn groups(&self, places: usize) -> usize {
        places.div_ceil(self.lanes * THREADS)
    }

    /// Workgroups for that many channels.
    pub fn tiles(&self, co: usize) -> usize {
        co.div_ceil(4 * self.fours)
    }
}

pub fn shader(
    geometry: &Geometry,
    reach: &Reach,
    bias: bool,
    slope: f32,
    Share { lanes, fours }: Share,
    [given, made]: [Stored; 2],
) -> Shader {
    // Places of a thread: beside each other where two go into a word, else a workgroup apart.
    let (apart, begin) = match made {
        Stored::Singles => (THREADS, "* LANES * THREADS + index"),
        Stored::Halves => (1, "* LANES * THREADS + index * LANES"),
    };
    let lane =
        |text: &dyn Fn(&str) -> String| (0..lanes).map(|lane| text(&lane.to_string())).collect::<Vec<_>>().join("\n");
    let four = |text: &dyn Fn(usize) -> String| (0..fours).map(text).collect::<Vec<_>>().join(" ");
    let channel_step = if geometry.last { "1u" } else { "height * width" };
    let place = |lane: &str| {
        let at = format!("let place_{lane} = min(begin + {lane}u * {apart}u, max(all, 1u) - 1u);");
        format!("{at} {}", (reach.place)(lane))
    };
    let reached = |lane: &str| {
        let at = geometry.place(
            &format!("picture_{lane}"),
            "CI",
            "0u",
            ["height", &format!("u32(max(y_{lane}, 0))"), "width", &format!("u32(max(z_{lane}, 0))")],
        );
        format!("{} var at_{lane} = {at};", (reach.reach)(lane))
    };
    let add = |lane: &str| {
        let sums = four(&|four| format!("sum_{lane}_{four} += value_{lane} * weights_{four};"));
        format!("let value_{lane} = select(0.0, x_at(at_{lane}), on_{lane}); at_{lane} += {channel_step}; {sums}")
    };
    let store = |number: usize| {
        let channel = format!("first + {}u + each", 4 * number);
        let shift = if bias { format!(" + bias[{channel}]") } else { String::new() };
        let sum = |lane: usize| format!("sum_{lane}_{number}[each]{shift}");
        let one = |lane: usize| {
            let at = (reach.stored)(geometry, &lane.to_string(), &channel);
            made.store(&at, &sum(lane), &sum(lane + 1))
        };
        let every = (0..lanes).step_by(made.together());
        let stores = every.map(|lane| format!("if (begin + {lane}u * {apart}u < all) {{ {} }}", one(lane)));
        format!("if ({channel} < CO) {{ {} }}", stores.collect::<Vec<_>>().join("\n"))
    };
    given
        .fill(Shader::new(include_str!("wgsl/direct.wgsl"), [THREADS, 1]))
        .with("made", made.words())
        .with("channels", 4 * fours)
        .with("lanes", lanes)
        .with("threads", THREADS)
        .with("padding", geometry.padding)
        .with("taps", reach.taps)
        .with("slope", super::launch::number(slope.into()))
        .with("next_made", reach.next[0])
        .with("next_read", reach.next[1])
        .with("more", if bias { read(4, "bias") } else { String::new() })
        .with("sizes", &reach.sizes)
        .with("begin", begin)
        .with("places", lane(&place))
        .with("zero", lane(&|lane| four(&|four| format!("var sum_{lane}_{four} = vec4(0.0);"))))
        .with("tap", &reach.tap)
        .with("reach", lane(&reached))
        .with("weigh", four(&|four| format!("let weights_{four} = four_weights(at + {}u * NEXT_MADE);", 4 * four)))
        .with("add", lane(&add))
        .with("store", four(&store))
}

/// A convolution's.
pub fn forward(kernel: usize, ci: usize, co: usize, inputs_first: bool) -> Reach {
    Reach {
        sizes: "let wide = u32(under[3]); let places = u32(under[2]) * wide; let all = u32(under[5]) * places;".into(),
        place: |lane| {
            format!(
                "let picture_{lane} = place_{lane} / places; let row_{lane} = 6u + place_{lane} % places / wide * STRIDE; \
                 let column_{lane} = 6u + u32(under[4]) + place_{lane} % wide * STRIDE;"
            )
        },
        tap: "let tap = down * KERNEL + across;".into(),
        reach: |lane| {
            format!(
                "let y_{lane} = under[row_{lane} + down]; let z_{lane} = under[column_{lane} + across]; \
                 let on_{lane} = y_{lane} >= 0 && z_{lane} >= 0;"
            )
        },
        stored: |geometry, lane, channel| match geometry.last {
            true => format!("place_{lane} * CO + {channel}"),
            false => format!("(picture_{lane} * CO + {channel}) * places + place_{lane} % places"),
        },
        taps: kernel,
        next: if inputs_first { [1, co] } else { [ci * kernel * kernel, kernel * kernel] },
    }
}

/// A transpose's: a phase, which `group.z` counts, is the places of one row and one column of every stride.
pub fn backward(kernel: usize, stride: usize, co: usize) -> Reach {
    Reach {
        sizes: "let tall = u32(under[2]); let wide = u32(under[3]);
  let number = group.z / tiles;
  let phase = vec2(number / STRIDE, number % STRIDE);
  let begin_row = begins(phase.x);
  let begin_column = begins(phase.y);
  let many_columns = max(how_many(wide, begin_column), 1u);
  let places = how_many(tall, begin_row) * how_many(wide, begin_column);
  let all = u32(under[4]) * places;"
            .into(),
        place: |lane| {
            format!(
                "let picture_{lane} = place_{lane} / max(places, 1u); let down_{lane} = place_{lane} % max(places, 1u) / many_columns; \
                 let across_{lane} = place_{lane} % many_columns; \
                 let row_{lane} = i32(down_{lane} + (begin_row + PADDING - phase.x) / STRIDE); \
                 let column_{lane} = i32(across_{lane} + (begin_column + PADDING - phase.y) / STRIDE);"
            )
        },
        tap: "let of_kernel = phase + STRIDE * vec2(down, across);
      if (any(of_kernel >= vec2(KERNEL))) { continue; }
      let tap = of_kernel.x * KERNEL + of_kernel.y;"
            .into(),
        reach: |lane| {
            format!(
                "let y_{lane} = row_{lane} - i32(down); let z_{lane} = column_{lane} - i32(across); \
                 let on_{lane} = y_{lane} >= 0 && y_{lane} < i32(height) && z_{lane} >= 0 && z_{lane} < i32(width);"
            )
        },
        stored: |geometry, lane, channel| {
            let (row, column) =
                (format!("(begin_row + STRIDE * down_{lane})"), format!("(begin_column + STRIDE * across_{lane})"));
            geometry.place(&format!("picture_{lane}"), "CO", channel, ["tall", &row, "wide", &column])
        },
        taps: kernel.div_ceil(stride),
        next: [kernel * kernel, co * kernel * kernel],
    }
}
