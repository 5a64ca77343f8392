//! A small PDF, made by hand (ISO 32000-1, section 7.5): one page with lines of Latin letters.

/// A page of A4 with these lines.
pub(super) fn page(lines: &[&str]) -> Vec<u8> {
    let mut text = "BT /F1 12 Tf 16 TL 72 770 Td".to_owned();
    for line in lines {
        text.push_str(&format!(" ({}) Tj T*", escape(line)));
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// The three characters that end or escape a string.
fn escape(line: &str) -> String {
    line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn each_object_is_where_the_table_says() {
        let file = String::from_utf8(page(&["A (small) page", "back\\slash"])).unwrap();
        assert!(file.is_ascii() && file.contains("(A \\(small\\) page) Tj"));
        let start: usize = file.lines().rev().nth(1).unwrap().parse().unwrap();
        let table = file[start..].strip_prefix("xref\n0 6\n").unwrap();
        for (number, line) in table.lines().take(6).enumerate().skip(1) {
            assert_eq!(line.len(), 19, "a line has 20 bytes with its end");
            let offset: usize = line[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{number} 0 obj\n")));
        }
    }
}
