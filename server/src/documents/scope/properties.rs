use proptest::{prelude::*, string::string_regex};

use super::{super::Place, Scope};
use crate::properties::cases;

fn bucket() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{2,20}"
}

/// Keys as they come: with slashes, spaces, accents, and characters with a meaning elsewhere.
fn key() -> impl Strategy<Value = String> {
    string_regex("[a-zé/ .+%&?=#-]{1,20}").unwrap()
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_target_reads_as_the_same_scope(bucket in bucket(), key in key(), is_folder: bool) {
        let scope = match is_folder {
            true => Scope::Folder(Place::folder(&bucket, &key).unwrap()),
            false => Scope::Document(Place::document(&bucket, &key).unwrap()),
        };
        prop_assert_eq!(Scope::parse(&scope.target()), Some(scope));
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}") {
        if let Some(scope) = Scope::parse(&format!("s3://{text}")) {
            prop_assert_eq!(Scope::parse(&scope.target()), Some(scope));
        }
    }

    #[test]
    fn a_folder_covers_what_starts_with_it_and_nothing_else(bucket in bucket(), start in key(), other in key()) {
        let scope = Scope::parse(&format!("s3://{bucket}/{start}*")).unwrap();
        let inside = Place::document(&bucket, &format!("{start}{other}")).unwrap();
        prop_assert!(scope.covers_document(&inside) && scope.covers_folder(&inside));
        let elsewhere = Place::document(&bucket, &other).unwrap();
        prop_assert_eq!(scope.covers_document(&elsewhere), other.starts_with(&start));
        let longer_bucket = Place::document(&format!("{bucket}x"), &format!("{start}{other}")).unwrap();
        prop_assert!(!scope.covers_document(&longer_bucket));
    }

    #[test]
    fn a_covered_folder_has_only_covered_documents(bucket in bucket(), start in key(), folder in key(), end in key()) {
        let scope = Scope::parse(&format!("s3://{bucket}/{start}*")).unwrap();
        let place = Place::folder(&bucket, &folder).unwrap();
        let document = Place::document(&bucket, &format!("{folder}{end}")).unwrap();
        prop_assert!(!scope.covers_folder(&place) || scope.covers_document(&document));
    }
}
