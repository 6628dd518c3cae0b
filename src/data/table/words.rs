//! A column's words, kept small: a word takes its letters and a byte or two.

/// Words that are kept together.
const CHUNK: usize = 64;

/// A word for each row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    chunks: Vec<Chunk>,
    /// What fills no chunk yet: letters, lengths, how many.
    text: String,
    lengths: Vec<u8>,
    last: usize,
}

/// The letters of [`CHUNK`] words, and the length of each in groups of seven bits, the lowest first, all but the last marked.
#[derive(Debug, Clone, PartialEq)]
struct Chunk {
    text: Box<str>,
    lengths: Box<[u8]>,
}

impl Words {
    pub fn push(&mut self, word: &str) {
        self.text.push_str(word);
        let mut rest = word.len();
        while rest > 127 {
            self.lengths.push(rest as u8 | 128);
            rest >>= 7;
        }
        self.lengths.push(rest as u8);
        self.last += 1;
        if self.last == CHUNK {
            self.chunks.push(Chunk { text: self.text.as_str().into(), lengths: self.lengths.as_slice().into() });
            self.text.clear();
            self.lengths.clear();
            self.last = 0;
        }
    }

    pub fn len(&self) -> usize {
        self.chunks.len() * CHUNK + self.last
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, row: usize) -> Option<&str> {
        self.from(row / CHUNK).nth(row % CHUNK)
    }

    pub fn iter(&self) -> Iter<'_> {
        self.from(0)
    }

    fn from(&self, chunk: usize) -> Iter<'_> {
        Iter { words: self, chunk, text: "", lengths: &[] }
    }
}

impl<'a> FromIterator<&'a str> for Words {
    fn from_iter<I: IntoIterator<Item = &'a str>>(all: I) -> Self {
        let mut words = Self::default();
        all.into_iter().for_each(|word| words.push(word));
        words
    }
}

#[derive(Clone)]
pub struct Iter<'a> {
    words: &'a Words,
    /// The next chunk, and what is left of the present one.
    chunk: usize,
    text: &'a str,
    lengths: &'a [u8],
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.lengths.is_empty() {
            let words = self.words;
            (self.text, self.lengths) = match words.chunks.get(self.chunk) {
                Some(chunk) => (&chunk.text[..], &chunk.lengths[..]),
                None if self.chunk == words.chunks.len() => (&words.text[..], &words.lengths[..]),
                None => return None,
            };
            self.chunk += 1;
        }
        let (mut length, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.lengths.split_first()?;
            self.lengths = rest;
            length |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte & 128 == 0 {
                break;
            }
        }
        let (word, rest) = self.text.split_at(length);
        self.text = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_as_they_went_in() {
        let all: Vec<String> = (0..300).map(|at| "上a".repeat(at * at % 97 * (at % 3))).collect();
        let kept: Words = all.iter().map(String::as_str).collect();
        assert!(kept.iter().eq(all.iter()) && kept.len() == 300);
        assert!(
            (0..300).all(|at| kept.get(at) == Some(&all[at])) && kept.get(300).is_none() && kept.get(900).is_none()
        );
    }
}
