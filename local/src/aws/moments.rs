//! Times as the services write them. All are seconds since 1970-01-01T00:00:00Z.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const HTTP: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
const AMZ: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// ISO 8601, as in XML: `2026-11-26T13:00:00Z`.
pub(super) fn iso(seconds: u64) -> String {
    format(seconds, ISO)
}

/// RFC 9110, section 5.6.7, as in `Last-Modified`: `Thu, 26 Nov 2026 13:00:00 GMT`.
pub(super) fn http(seconds: u64) -> String {
    format(seconds, HTTP)
}

/// The time in a header `X-Amz-Date`: `20261126T130000Z`.
pub(super) fn from_amz(text: &str) -> Option<u64> {
    u64::try_from(PrimitiveDateTime::parse(text, AMZ).ok()?.assume_utc().unix_timestamp()).ok()
}

fn format(seconds: u64, description: &[BorrowedFormatItem<'_>]) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.and_then(|moment| moment.format(description).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{from_amz, http, iso};

    #[test]
    fn a_moment_has_three_spellings() {
        let moment = from_amz("20130524T000000Z").unwrap();
        assert_eq!(moment, 1_369_353_600);
        assert_eq!(iso(moment), "2013-05-24T00:00:00Z");
        assert_eq!(http(moment), "Fri, 24 May 2013 00:00:00 GMT");
        for wrong in ["", "20130524", "2013-05-24T00:00:00Z", "20130524T000000Z ", "20130524T250000Z"] {
            assert_eq!(from_amz(wrong), None, "{wrong}");
        }
    }
}
