use axum::http::HeaderMap;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The header that names the trace of a request (W3C Trace Context, 3.2).
pub(super) const TRACEPARENT: &str = "traceparent";

/// The span that caused a request, as its headers say. The room `request_context` has removed the header, unless a trusted proxy sends
/// it and `traces.continue_from_proxies` is on.
///
/// `tracestate` is not read: it holds any text.
pub(super) fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let mut lines = headers.get_all(TRACEPARENT).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    parse(line.to_str().ok()?)
}

fn parse(text: &str) -> Option<SpanContext> {
    let is_hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let mut parts = text.split('-');
    let [version, trace, span, flags] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let is_well_formed = is_hex(version, 2) && is_hex(trace, 32) && is_hex(span, 16) && is_hex(flags, 2);
    // A later version may have further parts (3.2.4).
    if !is_well_formed || version == "ff" || version == "00" && parts.next().is_some() {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    Some(SpanContext::new(trace, span, flags, true, TraceState::default())).filter(SpanContext::is_valid)
}

/// The header for a request that `span` causes.
pub(super) fn traceparent(span: &SpanContext) -> String {
    format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_header_names_the_parent() {
        let parent = parse(VALID).unwrap();
        assert!(parent.is_sampled() && parent.is_remote());
        assert_eq!(traceparent(&parent), VALID);
        assert!(!parse(&VALID.replace("-01", "-00")).unwrap().is_sampled());
        assert_eq!(parse(&VALID.replace("00-4", "01-4")).map(|span| span.trace_id()), Some(parent.trace_id()));
        assert!(parse(&format!("{}-more", VALID.replace("00-4", "01-4"))).is_some(), "a later version");
    }

    #[test]
    fn anything_else_names_none() {
        for text in [
            "",
            "00",
            &VALID.to_uppercase(),
            &VALID.replace("00-4", "ff-4"),
            &VALID.replace("00-4", "+0-4"),
            &format!("{VALID}-more"),
            &VALID.replace("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000000000000000000000"),
            &VALID.replace("00f067aa0ba902b7", "0000000000000000"),
            &VALID.replace("4736", "473"),
            &VALID.replace("4736", "473g"),
            &VALID.replace("-01", "-1"),
            &VALID.replace('-', "_"),
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.append(TRACEPARENT, VALID.parse().unwrap());
        assert!(parent(&headers).is_some());
        headers.append(TRACEPARENT, VALID.parse().unwrap());
        assert!(parent(&headers).is_none(), "two of them");
    }
}
