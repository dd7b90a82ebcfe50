//! The passwords of 8 characters or more that guessers try first.

/// In lower case.
#[rustfmt::skip]
pub(super) const COMMONEST: &[&str] = &[
    "00000000", "0000000000", "01234567", "0123456789", "0987654321", "10203040", "11111111", "1111111111", "11112222",
    "11223344", "1122334455", "12121212", "123123123", "123321123", "12341234", "12344321", "12345678", "123456789",
    "1234567890", "12345678910", "1234567891", "1234qwer", "123abc123", "123qweasd", "147258369", "14789632",
    "159753456", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx", "1qaz2wsx3edc", "1qazxsw2", "20002000",
    "22222222", "31415926", "33333333", "44444444", "55555555", "66666666", "77777777", "87654321", "88888888",
    "987654321", "9876543210", "99999999", "aa123456", "aa12345678", "aaaaaaaa", "abc12345", "abcd1234", "abcdefgh",
    "abcdefg1", "administrator", "admin123", "admin1234", "alexander", "asdasdasd", "asdf1234", "asdfasdf", "asdfghjk",
    "asdfghjkl", "baseball", "babygirl", "basketball", "benjamin", "butterfly", "changeit", "changeme", "charlie1",
    "chocolate", "computer", "corvette", "danielle", "december", "dragon123", "elizabeth", "facebook", "ferrari1",
    "football", "football1", "garfield", "hello123", "hellohello", "iloveyou", "iloveyou1", "internet", "jennifer",
    "jessica1", "jonathan", "letmein1", "letmein123", "liverpool", "lovelove", "manchester", "marlboro", "martinez",
    "maverick", "mercedes", "metallica", "michelle", "midnight", "mustang1", "nicholas", "november", "p@ssw0rd",
    "pa$$w0rd", "pa55word", "passw0rd", "password", "password!", "password1", "password12", "password123",
    "password1234", "patricia", "pokemon1", "princess", "princess1", "q1w2e3r4", "q1w2e3r4t5", "qazwsxedc", "qwer1234",
    "qwerasdf", "qwertyui", "qwertyuiop", "qwerty12", "qwerty123", "qwerty1234", "qwerty12345", "qwerty123456",
    "rootroot", "samantha", "scorpion", "september", "snoopy123", "software", "spiderman", "starwars", "steelers",
    "sunshine", "sunshine1", "superman", "superman1", "swordfish", "testtest", "test1234", "trustno1", "undertaker",
    "victoria", "welcome1", "welcome123", "whatever", "william1", "xxxxxxxx", "zaq12wsx", "zaq1zaq1", "zxcvbnm1",
];
