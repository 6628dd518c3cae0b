//! Numbers as files keep them, little-endian, and as the networks want them.

use half::{bf16, f16};
use safetensors::Dtype;

/// What kind of number a tensor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F16,
    BF16,
    F32,
    F64,
    /// Counters, masks and the like, which files of weights contain but networks here do not ask for.
    Other {
        name: &'static str,
        width: usize,
    },
}

impl Kind {
    /// Bytes of one number.
    pub fn width(self) -> usize {
        match self {
            Kind::F16 | Kind::BF16 => 2,
            Kind::F32 => 4,
            Kind::F64 => 8,
            Kind::Other { width, .. } => width,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::F16 => "f16",
            Kind::BF16 => "bf16",
            Kind::F32 => "f32",
            Kind::F64 => "f64",
            Kind::Other { name, .. } => name,
        }
    }

    /// By the name of PyTorch's storage class, on the CPU or, in old files, on a GPU.
    pub fn of_storage(class: &str) -> Option<Kind> {
        let name = class.strip_prefix("torch.")?;
        Some(match name.strip_prefix("cuda.").unwrap_or(name).strip_suffix("Storage")? {
            "Half" => Kind::F16,
            "BFloat16" => Kind::BF16,
            "Float" => Kind::F32,
            "Double" => Kind::F64,
            "Long" => Kind::Other { name: "i64", width: 8 },
            "Int" => Kind::Other { name: "i32", width: 4 },
            "Short" => Kind::Other { name: "i16", width: 2 },
            "Char" => Kind::Other { name: "i8", width: 1 },
            "Byte" => Kind::Other { name: "u8", width: 1 },
            "Bool" => Kind::Other { name: "bool", width: 1 },
            _ => return None,
        })
    }

    /// Of a safetensors file. Types below a byte in size are taken for bytes: no network here asks for them.
    pub fn of_dtype(dtype: Dtype) -> Kind {
        match dtype {
            Dtype::F16 => Kind::F16,
            Dtype::BF16 => Kind::BF16,
            Dtype::F32 => Kind::F32,
            Dtype::F64 => Kind::F64,
            Dtype::I64 | Dtype::U64 => Kind::Other { name: "i64", width: 8 },
            Dtype::I32 | Dtype::U32 => Kind::Other { name: "i32", width: 4 },
            Dtype::I16 | Dtype::U16 => Kind::Other { name: "i16", width: 2 },
            Dtype::BOOL => Kind::Other { name: "bool", width: 1 },
            other => Kind::Other { name: "8 bits or fewer", width: other.bitsize().div_ceil(8) },
        }
    }

    /// All of `bytes`; none where the networks have no use for such numbers.
    pub fn decode(self, bytes: &[u8]) -> Option<Vec<f32>> {
        Some(match self {
            Kind::F16 => words(bytes, |word| f16::from_le_bytes(word).to_f32()),
            Kind::BF16 => words(bytes, |word| bf16::from_le_bytes(word).to_f32()),
            Kind::F32 => words(bytes, f32::from_le_bytes),
            Kind::F64 => words(bytes, |word| f64::from_le_bytes(word) as f32),
            Kind::Other { .. } => return None,
        })
    }
}

fn words<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|word| value(*word)).collect()
}
