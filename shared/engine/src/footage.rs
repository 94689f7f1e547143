//! Frames of any video as ours are: progressive, opaque, BT.709 in limited range; as filters of ffmpeg.

use crate::probe::VideoStream;

/// From so many lines on a video without labels is BT.709, as in browsers and players; below it is BT.601.
const HD_LINES: u32 = 720;
/// The same by columns: a video in a wide frame has fewer lines.
const HD_COLUMNS: u32 = 1_280;

/// HLG and PQ to standard light: linear, in parts of 100 cd/m², and a curve that brings 1,000 cd/m² to white.
///
/// # Measured
/// Reference white (203 cd/m², ITU-R BT.2408-7, table 1) becomes 193 of 255, 18 % grey 96. The peak is fixed, so that
/// two clips of one camera look the same whatever their metadata tell; 1,000 cd/m² is HLG's own.
const TO_SDR: &str = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,\
                      tonemap=hable:desat=0:peak=10,zscale=t=bt709:m=bt709:r=limited";

/// What frames are, for whoever reads them: all labels, so that no player has to guess.
const LABELS: &str = "setparams=range=limited:colorspace=bt709:color_primaries=bt709:color_trc=bt709";

/// What a description has beside names of colours, in single words.
const NO_COLOURS: [&str; 5] = ["tv", "pc", "progressive", "straight", "premultiplied"];

/// The light and the colours of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signal {
    matrix: String,
    primaries: String,
    transfer: String,
}

impl VideoStream {
    /// Whether its light levels are HLG or PQ.
    pub fn is_hdr(&self) -> bool {
        matches!(self.signal().transfer.as_str(), "smpte2084" | "arib-std-b67")
    }

    /// A decoder other than ffmpeg's own choice, which leaves the transparency of VP8 and VP9 out.
    pub fn decoder(&self) -> Option<&'static str> {
        match self.codec.as_str() {
            "vp8" if self.has_alpha => Some("libvpx"),
            "vp9" if self.has_alpha => Some("libvpx-vp9"),
            _ => None,
        }
    }

    /// Frames in their own size made progressive and opaque, on white, and labelled where they are not.
    pub fn cleaned(&self) -> String {
        // Videos in RGB come off screens and out of programs; for them the filter would only convert.
        let progressive = (!self.is_rgb()).then(|| "bwdif=deint=interlaced".to_owned());
        let filters = [progressive, self.on_white(), self.labels()];
        let filters: Vec<String> = filters.into_iter().flatten().collect();
        if filters.is_empty() {
            "null".to_owned()
        } else {
            filters.join(",")
        }
    }

    /// Cleaned frames scaled and brought to 8 bits of BT.709; `scale` is what the filter of that name is told.
    pub fn scaled(&self, scale: &str) -> String {
        let signal = self.signal();
        let colours = if self.is_hdr() {
            // Linear light takes three planes of 32-bit floats, so frames are scaled before.
            format!("scale={scale},{TO_SDR}")
        } else if signal.is_wide() {
            let transfer = match signal.transfer.as_str() {
                "iec61966-2-1" => "iec61966-2-1",
                _ => "bt709",
            };
            format!(
                "scale={scale},setparams=color_trc={transfer},zscale=p=bt709:t={transfer}:m=bt709:r=limited"
            )
        } else {
            format!("scale={scale}:out_color_matrix=bt709:out_range=tv")
        };
        format!("{colours},format=yuv420p,{LABELS}")
    }

    /// Labels as the file has them; one that says nothing is left empty.
    fn signal(&self) -> Signal {
        // Such as `tv, bt709, progressive` or `tv, bt2020nc/bt2020/arib-std-b67`.
        let fields: Vec<&str> = self.colours.split(", ").collect();
        let known = |name: &&str| !NO_COLOURS.contains(name);
        let label = |name: &str| match name {
            "unknown" | "reserved" => String::new(),
            name => name.to_owned(),
        };
        let text = fields
            .into_iter()
            .filter(known)
            .find(|field| !field.contains(' '))
            .unwrap_or_default();
        let mut parts = text.split('/');
        let matrix = label(parts.next().unwrap_or_default());
        let (primaries, transfer) = match (parts.next(), parts.next()) {
            (Some(primaries), Some(transfer)) => (label(primaries), label(transfer)),
            _ => (matrix.clone(), matrix.clone()),
        };
        Signal {
            matrix,
            primaries,
            transfer,
        }
    }

    fn is_rgb(&self) -> bool {
        let kinds = [
            "rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8", "mono",
        ];
        kinds.iter().any(|kind| self.pixel_format.starts_with(kind)) || self.signal().matrix == "gbr"
    }

    /// What the file does not say of itself.
    fn labels(&self) -> Option<String> {
        let signal = self.signal();
        let hdr = self.is_hdr();
        let large = self.height >= HD_LINES || self.width >= HD_COLUMNS;
        let mut labels = Vec::new();
        if signal.matrix.is_empty() && !self.is_rgb() {
            let matrix = match (hdr, large) {
                (true, _) => "bt2020nc",
                (false, true) => "bt709",
                (false, false) => "smpte170m",
            };
            labels.push(format!("colorspace={matrix}"));
        }
        if signal.primaries.is_empty() {
            let primaries = if hdr { "bt2020" } else { "bt709" };
            labels.push(format!("color_primaries={primaries}"));
        }
        if signal.transfer.is_empty() {
            labels.push("color_trc=bt709".to_owned());
        }
        (!labels.is_empty()).then(|| format!("setparams={}", labels.join(":")))
    }

    /// What lies hidden under full transparency is never shown; composed before scaling, so that it does not bleed.
    fn on_white(&self) -> Option<String> {
        if !self.has_alpha {
            return None;
        }
        let deep = ["p10", "p12", "p16"]
            .iter()
            .any(|depth| self.pixel_format.contains(depth));
        let (own, overlay) = match () {
            () if self.is_rgb() || self.pixel_format.starts_with("ya") => ("rgba", "rgb"),
            () if deep => ("yuva444p10le", "yuv444p10"),
            () => ("yuva444p", "yuv444"),
        };
        Some(format!(
            "format={own},split[under][over];[under]drawbox=c=white:t=fill:replace=1[white];\
             [white][over]overlay=format={overlay}:shortest=1"
        ))
    }
}

impl Signal {
    /// Whether its primaries lie outside of BT.709 by more than SD's do.
    fn is_wide(&self) -> bool {
        matches!(self.primaries.as_str(), "smpte432" | "smpte431" | "bt2020")
    }
}

#[cfg(test)]
mod tests;
