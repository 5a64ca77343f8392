//! The weight that a request gives to one of its preferences (RFC 9110, 12.4.2).

/// `q=0`, `q=0.5`, `q=1` or `Q=1.000`, in thousandths. `None` if it is no weight.
pub fn thousandths(weight: &str) -> Option<u16> {
    let value = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="))?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let is_decimals = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let part: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_decimals)?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_has_at_most_three_decimals_and_is_at_most_one() {
        for (weight, expected) in [
            ("q=0", Some(0)),
            ("q=0.", Some(0)),
            ("q=0.5", Some(500)),
            ("q=0.05", Some(50)),
            ("Q=0.123", Some(123)),
            ("q=1", Some(1000)),
            ("q=1.000", Some(1000)),
            ("q=1.001", None),
            ("q=2", None),
            ("q=-1", None),
            ("q=+1", None),
            ("q=0.+12", None),
            ("q=0.1234", None),
            ("q=.5", None),
            ("q=00.5", None),
            ("q=", None),
            ("q", None),
            ("", None),
            ("0.5", None),
            ("q = 0.5", None),
            ("q=0.5;a=b", None),
            ("q=NaN", None),
            ("q=1e0", None),
            ("q=١", None),
            ("q=0.١", None),
        ] {
            assert_eq!(thousandths(weight), expected, "{weight}");
        }
    }
}
