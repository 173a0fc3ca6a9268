//! Numbers, days and times of day as each language writes them, by the Unicode Consortium's data.
//!
//! It knows no sentence. The digits are Western in every language, as in the Arabic texts of the organisations in
//! Geneva, and the day has 24 hours, as on their agendas.

use fluent_bundle::FluentValue;
use icu_calendar::Gregorian;
use icu_datetime::fieldsets::{T, YMDE};
use icu_datetime::input::{Date, Time};
use icu_datetime::{FixedCalendarDateTimeFormatter, NoCalendarFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
// Its feature lets what the formatters hold go to another thread.
use icu_provider as _;
use intl_memoizer::{Memoizable, concurrent::IntlLangMemoizer};
use jiff::civil;
use std::convert::Infallible;
use unic_langid::LanguageIdentifier;
use venue_model::Language;

/// What one language needs; a part is missing only if the data lacks it, and then plain digits stand in.
pub(crate) struct Local {
    numbers: Option<DecimalFormatter>,
    days: Option<FixedCalendarDateTimeFormatter<Gregorian, YMDE>>,
    times: Option<NoCalendarFormatter<T>>,
}

/// The customs of a language: English as the organisations write it.
fn locale(language: Language) -> Option<Locale> {
    let tag = match language {
        Language::Ar => "ar-u-hc-h23-nu-latn",
        Language::Zh => "zh-u-hc-h23-nu-latn",
        Language::En => "en-GB-u-hc-h23-nu-latn",
        Language::Fr => "fr-u-hc-h23-nu-latn",
        Language::Ru => "ru-u-hc-h23-nu-latn",
        Language::Es => "es-u-hc-h23-nu-latn",
    };
    Locale::try_from_str(tag).ok()
}

impl Local {
    pub(crate) fn new(language: Language) -> Self {
        let locale = locale(language);
        let locale = locale.as_ref();
        Self {
            numbers: locale.and_then(|l| DecimalFormatter::try_new(l.into(), Default::default()).ok()),
            days: locale.and_then(|l| FixedCalendarDateTimeFormatter::try_new(l.into(), YMDE::long()).ok()),
            times: locale.and_then(|l| NoCalendarFormatter::try_new(l.into(), T::hm()).ok()),
        }
    }

    /// A whole number, its thousands apart where the language parts them.
    pub(crate) fn number(&self, number: usize) -> String {
        self.decimal(Decimal::from(number))
    }

    /// A number with one digit behind the sign that parts it.
    pub(crate) fn tenths(&self, tenths: u64) -> String {
        let mut decimal = Decimal::from(tenths);
        decimal.multiply_pow10(-1);
        self.decimal(decimal)
    }

    fn decimal(&self, mut decimal: Decimal) -> String {
        decimal.absolute.trim_start();
        match &self.numbers {
            Some(numbers) => numbers.format(&decimal).to_string(),
            None => decimal.to_string(),
        }
    }

    /// "Wednesday, 25 November 2026".
    pub(crate) fn day(&self, day: civil::Date) -> String {
        let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        let date = Date::try_new_gregorian(i32::from(day.year()), month, of_month);
        match (&self.days, date) {
            (Some(days), Ok(date)) => days.format(&date).to_string(),
            _ => day.to_string(),
        }
    }

    /// "09:05".
    pub(crate) fn time(&self, time: civil::Time) -> String {
        let (hour, minute) = (time.hour().unsigned_abs(), time.minute().unsigned_abs());
        match (&self.times, Time::try_new(hour, minute, 0, 0)) {
            (Some(times), Ok(time)) => times.format(&time).to_string(),
            _ => format!("{hour:02}:{minute:02}"),
        }
    }
}

impl Memoizable for Local {
    type Args = ();
    type Error = Infallible;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, Infallible> {
        let known = |known: &Language| known.code() == language.language.as_str();
        Ok(Self::new(Language::ALL.into_iter().find(known).unwrap_or(Language::En)))
    }
}

/// How Fluent writes the whole numbers within its sentences.
pub(crate) fn fluent_number(value: &FluentValue<'_>, languages: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole = (number.value >= 0.0 && number.value.fract() == 0.0 && number.value < 9e15)
        .then_some(number.value as usize)?;
    languages.with_try_get((), |local: &Local| local.number(whole)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_parted_as_the_language_parts_them() {
        // Spanish leaves numbers of four digits whole.
        for (language, large, four, tenths) in [
            (Language::Ar, "1,234,567", "2,000", "3.1"),
            (Language::Zh, "1,234,567", "2,000", "3.1"),
            (Language::En, "1,234,567", "2,000", "3.1"),
            (Language::Fr, "1\u{202f}234\u{202f}567", "2\u{202f}000", "3,1"),
            (Language::Ru, "1\u{a0}234\u{a0}567", "2\u{a0}000", "3,1"),
            (Language::Es, "1.234.567", "2000", "3,1"),
        ] {
            let local = Local::new(language);
            assert_eq!(local.number(1_234_567), large, "{language:?}");
            assert_eq!(local.number(2_000), four, "{language:?}");
            assert_eq!(local.tenths(31), tenths, "{language:?}");
            assert_eq!((local.number(0), local.number(7)), ("0".to_owned(), "7".to_owned()));
        }
    }

    #[test]
    fn a_day_and_a_time_are_written_as_the_language_writes_them() {
        for (language, day, time) in [
            (Language::Ar, "الأربعاء، 25 نوفمبر 2026", "09:05"),
            (Language::Zh, "2026年11月25日星期三", "09:05"),
            (Language::En, "Wednesday, 25 November 2026", "09:05"),
            (Language::Fr, "mercredi 25 novembre 2026", "09:05"),
            (Language::Ru, "среда, 25 ноября 2026\u{202f}г.", "09:05"),
            (Language::Es, "miércoles, 25 de noviembre de 2026", "09:05"),
        ] {
            let local = Local::new(language);
            assert_eq!(local.day(civil::date(2026, 11, 25)), day, "{language:?}");
            assert_eq!(local.time(civil::time(9, 5, 59, 0)), time, "{language:?}");
            assert!(
                local.time(civil::time(15, 30, 0, 0)).starts_with("15"),
                "{language:?}: no noon to guess"
            );
            assert_eq!(local.time(civil::time(0, 0, 0, 0)).matches('0').count(), time.len() - 1);
        }
    }

    #[test]
    fn days_that_no_calendar_of_people_knows_do_no_harm() {
        for language in Language::ALL {
            let local = Local::new(language);
            for day in [civil::Date::MIN, civil::Date::MAX] {
                assert!(!local.day(day).is_empty());
            }
        }
    }
}
