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
            "ComplexFloat" => Kind::Other { name: "complex64", width: 8 },
            "ComplexDouble" => Kind::Other { name: "complex128", width: 16 },
            "QInt32" => Kind::Other { name: "qint32", width: 4 },
            "QInt8" | "QUInt8" | "QUInt4x2" | "QUInt2x4" => Kind::Other { name: "qint8", width: 1 },
            "Untyped" | "storage.Untyped" => Kind::Other { name: "bytes", width: 1 },
            _ => return None,
        })
    }

    /// By the name of PyTorch's type of numbers.
    pub fn of_type(name: &str) -> Option<Kind> {
        Some(match name.strip_prefix("torch.")? {
            "float16" => Kind::F16,
            "bfloat16" => Kind::BF16,
            "float32" => Kind::F32,
            "float64" => Kind::F64,
            "int64" => Kind::Other { name: "i64", width: 8 },
            "uint64" => Kind::Other { name: "u64", width: 8 },
            "int32" => Kind::Other { name: "i32", width: 4 },
            "uint32" => Kind::Other { name: "u32", width: 4 },
            "int16" => Kind::Other { name: "i16", width: 2 },
            "uint16" => Kind::Other { name: "u16", width: 2 },
            "int8" => Kind::Other { name: "i8", width: 1 },
            "uint8" => Kind::Other { name: "u8", width: 1 },
            "bool" => Kind::Other { name: "bool", width: 1 },
            "complex32" => Kind::Other { name: "complex32", width: 4 },
            "complex64" => Kind::Other { name: "complex64", width: 8 },
            "complex128" => Kind::Other { name: "complex128", width: 16 },
            other if other.starts_with("float8_") => Kind::Other { name: "float8", width: 1 },
            other if other.starts_with("float4_") => Kind::Other { name: "float4", width: 1 },
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
