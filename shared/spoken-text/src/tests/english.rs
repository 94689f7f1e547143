//! English.

use super::*;

#[test]
fn money_is_said_with_its_currency_behind_the_number() {
    all(
        Language::English,
        &[
            (
                "Sales grew to $2.3 billion, up from £1,250.75 in 1887.",
                "Sales grew to two point three billion dollars, up from one thousand two hundred fifty pounds and seventy-five pence in eighteen eighty-seven.",
            ),
            (
                "It costs $1 or $0.99, not $4.99.",
                "It costs one dollar or ninety-nine cents, not four dollars and ninety-nine cents.",
            ),
            (
                "$5-10 a day, €20/month, $10k.",
                "five to ten dollars a day, twenty euros per month, ten thousand dollars.",
            ),
            (
                "Laptops at $1,299.99 vs $1,499.99",
                "Laptops at one thousand two hundred ninety-nine dollars and ninety-nine cents versus one thousand four hundred ninety-nine dollars and ninety-nine cents",
            ),
            ("USD 20 and 20 USD", "twenty dollars and twenty dollars"),
        ],
    );
}

#[test]
fn units_ranges_and_years_are_words() {
    all(
        Language::English,
        &[
            (
                "Run 10km in 45min at 12 km/h, 24/7, in 30°C.",
                "Run ten kilometers in forty-five minutes at twelve kilometers an hour, twenty-four seven, in thirty degrees Celsius.",
            ),
            (
                "Henry VIII and World War I, from 1509-1547.",
                "Henry the eighth and World War one, from fifteen oh nine to fifteen forty-seven.",
            ),
            (
                "Set it to -5°C, then +5.",
                "Set it to minus five degrees Celsius, then plus five.",
            ),
            (
                "In 2005, 1900 and 2025; the 1990s and the '90s.",
                "In two thousand five, nineteen hundred and twenty twenty-five; the nineteen nineties and the 'nineties.",
            ),
            (
                "The 21st of 3 parts, 2nd only, 50% off, 5–10 % more.",
                "The twenty-first of three parts, second only, fifty percent off, five to ten percent more.",
            ),
            (
                "Meet at 4:30 PM or 9:05, not 10:00.",
                "Meet at four thirty P M or nine oh five, not ten o'clock.",
            ),
            (
                "On May 5 and 2025-11-30, add 1/2 cup and 3/4 tsp.",
                "On May fifth and November thirtieth, twenty twenty-five, add one half cup and three quarters tsp.",
            ),
            (
                "A 5-km run, a 16:9 frame, v3.11.2.",
                "A five kilometers run, a sixteen nine frame, v three dot eleven dot two.",
            ),
            (
                "Call 555-123-4567 now; COVID-19, MP3, 3D.",
                "Call five five five, one two three, four five six seven now; COVID-nineteen, MP three, three D.",
            ),
            (
                "Lose 5 kg in 30 days with 10x speed",
                "Lose five kilograms in thirty days with ten times speed",
            ),
        ],
    );
}

#[test]
fn abbreviations_and_initials_do_not_end_a_sentence() {
    all(
        Language::English,
        &[
            (
                "Let's get into C++ vs. Rust.",
                "Let's get into C plus plus versus Rust.",
            ),
            (
                "J. K. Rowling lives near Washington D.C. in Jan. 2025.",
                "J K Rowling lives near Washington D C in January twenty twenty-five.",
            ),
            (
                "Dr. Seuss and Mr. T. met St. Nick on Main St. today, e.g. at No. 5.",
                "Doctor Seuss and Mister T. met Saint Nick on Main Street today, for example at number five.",
            ),
            (
                "Top 10 U.S. cities for remote work",
                "Top ten U S cities for remote work",
            ),
            (
                "He lives in the U.S. It is big.",
                "He lives in the U S. It is big.",
            ),
            ("Cats, dogs, etc.", "Cats, dogs, et cetera."),
            (
                "Elizabeth II, Part IV and the XXI century. I am.",
                "Elizabeth the second, Part four and the twenty-first century. I am.",
            ),
        ],
    );
}

#[test]
fn what_is_there_for_the_eye_is_not_said() {
    all(
        Language::English,
        &[
            (
                "This is **bold**, *thin* and `code`.",
                "This is bold, thin and code.",
            ),
            ("# Title\n- one\n- two", "Title one two"),
            (
                "See [our page](https://a.example.com/x) <b>now</b>.",
                "See our page now.",
            ),
            ("I ❤️ this 🔥 idea.", "I this idea."),
            (
                "Q&A: this and/or that #1 #travel @home",
                "Q and A: this and or that number one travel home",
            ),
            (
                "Go to https://www.example.com/a/very/long/path?with=query&and=more now.",
                "Go to example dot com now.",
            ),
            (
                "Write to jane.doe@example.org, or see docs.rs.",
                "Write to jane dot doe at example dot org, or see docs.rs.",
            ),
            (
                "2 * 3 = 6 & 4 ≥ 3",
                "two times three equals six and four at least three",
            ),
        ],
    );
}
