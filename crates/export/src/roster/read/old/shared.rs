//! How long the texts are that cells of an old Excel file share (MS-XLS 2.4.265, 2.5.293).

/// Record numbers: the table of texts, and what goes on from the record before.
const TABLE: u16 = 0x00fc;
const GOES_ON: u16 = 0x003c;

/// The bytes of each text, as they are kept here at most; as far as the table can be read.
pub(super) fn lengths<'s>(records: impl Iterator<Item = (u16, &'s [u8])>) -> Vec<u64> {
    let mut records = records.skip_while(|(kind, _)| *kind != TABLE);
    let Some((_, first)) = records.next() else { return Vec::new() };
    let pieces = std::iter::once(first.get(8..).unwrap_or_default());
    let pieces = pieces.chain(records.map_while(|(kind, data)| (kind == GOES_ON).then_some(data)));
    let mut table = Table { pieces: pieces.collect(), piece: 0, at: 0 };
    let mut lengths = Vec::new();
    while let Some(length) = table.text() {
        lengths.push(length);
    }
    lengths
}

struct Table<'s> {
    pieces: Vec<&'s [u8]>,
    piece: usize,
    at: usize,
}

impl Table<'_> {
    /// Passes over one text.
    fn text(&mut self) -> Option<u64> {
        let count = self.number(2)?;
        let flags = self.number(1)?;
        let (is_rich, has_more) = (flags & 8 != 0, flags & 4 != 0);
        let runs = if is_rich { self.number(2)? } else { 0 };
        let more = if has_more { self.number(4)? } else { 0 };
        let (mut left, mut width) = (count, 1 + (flags & 1));
        while left > 0 {
            let here = (self.pieces.get(self.piece)?.len().saturating_sub(self.at)) as u64 / width;
            let taken = here.min(left);
            self.at += usize::try_from(taken * width).ok()?;
            left -= taken;
            if left > 0 {
                // Each piece says anew how wide its characters are.
                (self.piece, self.at) = (self.piece + 1, 0);
                width = 1 + (self.number(1)? & 1);
            }
        }
        self.pass(4 * runs + more)?;
        // In UTF-8, at most.
        Some(3 * count)
    }

    fn number(&mut self, bytes: u64) -> Option<u64> {
        (0..bytes).try_fold(0, |number, place| Some(number | u64::from(self.byte()?) << (8 * place)))
    }

    fn byte(&mut self) -> Option<u8> {
        loop {
            let piece = self.pieces.get(self.piece)?;
            if let Some(byte) = piece.get(self.at) {
                self.at += 1;
                return Some(*byte);
            }
            (self.piece, self.at) = (self.piece + 1, 0);
        }
    }

    fn pass(&mut self, mut bytes: u64) -> Option<()> {
        while bytes > 0 {
            let here = (self.pieces.get(self.piece)?.len().saturating_sub(self.at)) as u64;
            if here >= bytes {
                self.at += usize::try_from(bytes).ok()?;
                return Some(());
            }
            bytes -= here;
            (self.piece, self.at) = (self.piece + 1, 0);
        }
        Some(())
    }
}
