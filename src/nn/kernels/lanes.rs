//! Four numbers at once.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod four {
    use core::arch::wasm32::*;

    #[derive(Clone, Copy)]
    pub struct Four(v128);

    impl Four {
        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        /// # Safety
        /// Four numbers lie there.
        #[inline(always)]
        pub unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { v128_load(from.cast()) })
        }

        /// # Safety
        /// There is room for four numbers.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f32) {
            unsafe { v128_store(to.cast(), self.0) }
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        /// `self + a b`.
        #[inline(always)]
        pub fn plus(self, a: Self, b: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(f32x4_relaxed_madd(a.0, b.0, self.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            Self(f32x4_add(self.0, f32x4_mul(a.0, b.0)))
        }

        /// Four times each of the four numbers.
        #[inline(always)]
        pub fn each(self) -> [Self; 4] {
            [
                Self(i32x4_shuffle::<0, 0, 0, 0>(self.0, self.0)),
                Self(i32x4_shuffle::<1, 1, 1, 1>(self.0, self.0)),
                Self(i32x4_shuffle::<2, 2, 2, 2>(self.0, self.0)),
                Self(i32x4_shuffle::<3, 3, 3, 3>(self.0, self.0)),
            ]
        }

        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }

        #[inline(always)]
        pub fn div(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }

        /// `above` where these are above zero, `otherwise` elsewhere.
        #[inline(always)]
        pub fn choose(self, above: Self, otherwise: Self) -> Self {
            Self(v128_bitselect(above.0, otherwise.0, f32x4_gt(self.0, f32x4_splat(0.0))))
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(f32x4_sqrt(self.0))
        }

        /// The nearest whole numbers, and two to their power: within -126..=127.
        #[inline(always)]
        pub fn power(self) -> (Self, Self) {
            let nearest = f32x4_nearest(self.0);
            let whole = i32x4_trunc_sat_f32x4(nearest);
            (Self(nearest), Self(i32x4_shl(i32x4_add(whole, i32x4_splat(127)), 23)))
        }
    }
}

/// Natively: what tests and benchmarks run. Every x86-64 has these; fused where the build is for a processor that has it.
#[cfg(target_arch = "x86_64")]
mod four {
    use core::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub struct Four(__m128);

    impl Four {
        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(unsafe { _mm_set1_ps(value) })
        }

        /// # Safety
        /// Four numbers lie there.
        #[inline(always)]
        pub unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm_loadu_ps(from) })
        }

        /// # Safety
        /// There is room for four numbers.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f32) {
            unsafe { _mm_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(unsafe { _mm_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(unsafe { _mm_sub_ps(self.0, other.0) })
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            Self(unsafe { _mm_mul_ps(self.0, other.0) })
        }

        /// `self + a b`.
        #[inline(always)]
        pub fn plus(self, a: Self, b: Self) -> Self {
            #[cfg(target_feature = "fma")]
            return Self(unsafe { _mm_fmadd_ps(a.0, b.0, self.0) });
            #[cfg(not(target_feature = "fma"))]
            self.add(a.mul(b))
        }

        /// Four times each of the four numbers.
        #[inline(always)]
        pub fn each(self) -> [Self; 4] {
            unsafe {
                [
                    Self(_mm_shuffle_ps::<0b00_00_00_00>(self.0, self.0)),
                    Self(_mm_shuffle_ps::<0b01_01_01_01>(self.0, self.0)),
                    Self(_mm_shuffle_ps::<0b10_10_10_10>(self.0, self.0)),
                    Self(_mm_shuffle_ps::<0b11_11_11_11>(self.0, self.0)),
                ]
            }
        }

        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(unsafe { _mm_max_ps(self.0, other.0) })
        }

        #[inline(always)]
        pub fn div(self, other: Self) -> Self {
            Self(unsafe { _mm_div_ps(self.0, other.0) })
        }

        /// `above` where these are above zero, `otherwise` elsewhere.
        #[inline(always)]
        pub fn choose(self, above: Self, otherwise: Self) -> Self {
            unsafe {
                let mask = _mm_cmpgt_ps(self.0, _mm_setzero_ps());
                Self(_mm_or_ps(_mm_and_ps(mask, above.0), _mm_andnot_ps(mask, otherwise.0)))
            }
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(unsafe { _mm_sqrt_ps(self.0) })
        }

        /// The nearest whole numbers, and two to their power: within -126..=127.
        #[inline(always)]
        pub fn power(self) -> (Self, Self) {
            unsafe {
                let whole = _mm_cvtps_epi32(self.0);
                let raised = _mm_slli_epi32::<23>(_mm_add_epi32(whole, _mm_set1_epi32(127)));
                (Self(_mm_cvtepi32_ps(whole)), Self(_mm_castsi128_ps(raised)))
            }
        }
    }
}

/// Anywhere else.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
mod four {
    #[derive(Clone, Copy)]
    pub struct Four([f32; 4]);

    impl Four {
        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        /// # Safety
        /// Four numbers lie there.
        #[inline(always)]
        pub unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
        }

        /// # Safety
        /// There is room for four numbers.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f32) {
            unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
        }

        #[inline(always)]
        fn with(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
            Self(std::array::from_fn(|at| f(self.0[at], other.0[at])))
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            self.with(other, |a, b| a + b)
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            self.with(other, |a, b| a - b)
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            self.with(other, |a, b| a * b)
        }

        /// `self + a b`.
        #[inline(always)]
        pub fn plus(self, a: Self, b: Self) -> Self {
            self.add(a.mul(b))
        }

        /// Four times each of the four numbers.
        #[inline(always)]
        pub fn each(self) -> [Self; 4] {
            self.0.map(Self::splat)
        }

        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            self.with(other, f32::max)
        }

        #[inline(always)]
        pub fn div(self, other: Self) -> Self {
            self.with(other, |a, b| a / b)
        }

        /// `above` where these are above zero, `otherwise` elsewhere.
        #[inline(always)]
        pub fn choose(self, above: Self, otherwise: Self) -> Self {
            Self(std::array::from_fn(|at| if self.0[at] > 0.0 { above.0[at] } else { otherwise.0[at] }))
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(self.0.map(f32::sqrt))
        }

        /// The nearest whole numbers, and two to their power: within -126..=127.
        #[inline(always)]
        pub fn power(self) -> (Self, Self) {
            let nearest = self.0.map(f32::round_ties_even);
            (Self(nearest), Self(nearest.map(|value| f32::from_bits(((value as i32 + 127) as u32) << 23))))
        }
    }
}

pub use four::Four;

impl Four {
    /// The numbers from `at` on; zeros where there are no more.
    #[inline(always)]
    pub fn get(from: &[f32], at: usize) -> Self {
        match from.get(at..at + 4) {
            // SAFETY: four numbers.
            Some(four) => unsafe { Self::load(four.as_ptr()) },
            None => {
                let mut four = [0.0f32; 4];
                four[..from.len() - at].copy_from_slice(&from[at..]);
                // SAFETY: four numbers.
                unsafe { Self::load(four.as_ptr()) }
            }
        }
    }

    /// To `at` and on, as far as there is room.
    #[inline(always)]
    pub fn put(self, to: &mut [f32], at: usize) {
        match to.get_mut(at..at + 4) {
            // SAFETY: room for four numbers.
            Some(four) => unsafe { self.store(four.as_mut_ptr()) },
            None => {
                let numbers = self.numbers();
                let room = &mut to[at..];
                room.copy_from_slice(&numbers[..room.len()]);
            }
        }
    }

    #[inline(always)]
    pub fn numbers(self) -> [f32; 4] {
        let mut four = [0.0f32; 4];
        // SAFETY: room for four numbers.
        unsafe { self.store(four.as_mut_ptr()) };
        four
    }
}
