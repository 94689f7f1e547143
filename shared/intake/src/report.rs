//! What ffmpeg says of a file: its description on standard error, and every packet's times on standard output.
//!
//! The description holds words of strangers (titles, names of tracks), indented further than lines of ffmpeg's own.

use engine::Probe;
use engine::number::floor_i32;

/// A description that was read.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// Streams and length.
    pub(crate) probe: Probe,
    /// Whether the length is a guess, such as that from the first frames.
    pub(crate) is_guess: bool,
    /// Lines of the first video stream: its own, then what belongs to it.
    video: Vec<&'a str>,
}

impl<'a> Report<'a> {
    /// Reads a description; `None` when ffmpeg found no streams to describe.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let probe = Probe::from_report(text)?;
        let is_guess =
            |line: &str| line.starts_with('[') && line.contains("Estimating duration from bitrate");
        let own = |line: &str| line.starts_with("  Stream #") && line.contains(": Video: ");
        let mut lines = text
            .lines()
            .skip_while(|line| !own(line) || line.contains("(attached pic)"));
        let first = lines.next();
        let rest = lines.take_while(|line| line.starts_with("    "));
        Some(Self {
            probe,
            is_guess: text.lines().any(is_guess),
            video: first.into_iter().chain(rest).collect(),
        })
    }

    /// The clockwise turn that a phone asks for; ffmpeg prints it the other way round.
    pub(crate) fn rotation_deg(&self) -> i32 {
        let degrees = self.video.iter().find_map(|line| {
            let rest = line.trim_start().strip_prefix("Display Matrix: rotation of ")?;
            rest.split_whitespace().next()?.parse::<f64>().ok()
        });
        -floor_i32(degrees.unwrap_or_default().clamp(-360.0, 360.0).round())
    }
}

/// The four letters of a stream for which there is no decoder, such as `ac-4`; `None` of a known stream.
pub(crate) fn unknown_codec<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let own = format!(": {kind}: none");
    let line = text
        .lines()
        .find(|line| line.starts_with("  Stream #") && line.contains(&own))?;
    let rest = line.split(&own).nth(1)?;
    Some(
        rest.strip_prefix(" (")
            .and_then(|tag| tag.split(" / ").next())
            .unwrap_or_default(),
    )
}

/// When a stream begins and ends, in milliseconds of the file's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
}

/// The spans of all streams, out of a list of `framecrc`.
#[derive(Debug, Default)]
pub(crate) struct Packets {
    /// Kind, numerator and denominator of the clock, and span in ticks, by the number of the stream.
    streams: Vec<Stream>,
}

#[derive(Clone, Debug, Default)]
struct Stream {
    kind: String,
    tick: (i64, i64),
    ticks: Option<(i64, i64)>,
}

impl Packets {
    /// Reads lines such as `#tb 0: 1/12800`, `#media_type 0: video` and `0, -1024, 0, 512, 5159, 0x3113aa7a`.
    pub(crate) fn read(list: &[u8]) -> Self {
        let mut packets = Self::default();
        for line in String::from_utf8_lossy(list).lines() {
            // A line of another kind is none of ours.
            let _known = match line.strip_prefix('#') {
                Some(line) => packets.describe(line),
                None => packets.add(line),
            };
        }
        packets
    }

    fn describe(&mut self, line: &str) -> Option<()> {
        let (name, rest) = line.split_once(' ')?;
        let (number, value) = rest.split_once(": ")?;
        let stream = self.stream(number.parse().ok()?)?;
        match name {
            "tb" => {
                let (numerator, denominator) = value.split_once('/')?;
                stream.tick = (numerator.parse().ok()?, denominator.parse().ok()?);
            }
            "media_type" => value.clone_into(&mut stream.kind),
            _ => {}
        }
        Some(())
    }

    /// Number of the stream, time of decoding, time of showing, duration, and what is not needed.
    fn add(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split(',').map(str::trim);
        let stream = self.stream(fields.next()?.parse().ok()?)?;
        let (decoded, shown) = (fields.next()?, fields.next()?);
        // Old containers tell only when a packet is decoded.
        let shown = shown.parse::<i64>().or_else(|_none| decoded.parse()).ok()?;
        let end = shown.saturating_add(fields.next()?.parse().ok()?);
        let (first, last) = stream.ticks.unwrap_or((shown, end));
        stream.ticks = Some((first.min(shown), last.max(end)));
        Some(())
    }

    fn stream(&mut self, number: usize) -> Option<&mut Stream> {
        // No file has so many; a number is read out of text.
        const STREAMS_MAX: usize = 1_000;
        if number >= self.streams.len() && number < STREAMS_MAX {
            self.streams.resize(number + 1, Stream::default());
        }
        self.streams.get_mut(number)
    }

    /// When the last stream of any kind ends.
    pub(crate) fn end_ms(&self) -> Option<i64> {
        self.spans().map(|(_, span)| span.end_ms).max()
    }

    /// From the begin of what is used, the first image and the first sound, to its end; a start before 0 is cut off.
    pub(crate) fn used_ms(&self) -> u64 {
        let first = |kind: &str| self.spans().find(|(own, _)| *own == kind).map(|(_, span)| span);
        let used = || [first("video"), first("audio")].into_iter().flatten();
        let start = used().map(|span| span.start_ms.max(0)).min();
        let end = used().map(|span| span.end_ms).max();
        let span = start.zip(end).map(|(start, end)| end.saturating_sub(start));
        span.and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default()
    }

    fn spans(&self) -> impl Iterator<Item = (&str, Span)> {
        self.streams
            .iter()
            .filter_map(|stream| Some((stream.kind.as_str(), stream.span()?)))
    }
}

impl Stream {
    fn span(&self) -> Option<Span> {
        let (numerator, denominator) = self.tick;
        let ms = |ticks: i64| {
            let ms = i128::from(ticks) * 1_000 * i128::from(numerator) / i128::from(denominator.max(1));
            i64::try_from(ms).ok()
        };
        let (start, end) = self.ticks?;
        Some(Span {
            start_ms: ms(start)?,
            end_ms: ms(end)?,
        })
    }
}
