"""Text that seems to contain a secret, and text that only resembles one."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlan_pulumi.leaks import leaks

# Assembled here, so that this file contains no secret.
LONG = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
PART = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()).decode().rstrip("=")
JWT = f"{PART}.{PART}.{'s' * 43}"

SECRETS = {
    # SQL
    f"create stage s credentials=(AWS_KEY_ID='{KEY_ID}' AWS_SECRET_KEY='{LONG}')": "AWS Access Key",
    f"copy t from 's3://b' credentials = (aws_secret_key = '{LONG}')": "Password or Key",
    "copy t from 's3://b' credentials=(aws_secret_key='wJal7M')": "Password or Key",
    f"CREDENTIALS 'aws_access_key_id={KEY_ID};aws_secret_access_key={LONG}'": "Secret Parameter",
    f"SECRET_ACCESS_KEY '{LONG}'": "Password or Key",
    "credentials=(azure_sas_token='?sv=2022-11-02&ss=b&sig=zO0000000000%3D')": "Password or Key",
    "create user jane password 'hunter2'": "Password or Key",
    "CREATE USER jane WITH PASSWORD 'correct horse battery'": "Password or Key",
    "create user jane identified by 'hunter2'": "Password or Key",
    "alter user jane set password = 'hunter2'": "Password or Key",
    "create secret s type = generic_string secret_string = 'hunter2'": "Password or Key",
    "encryption=(type='AWS_CSE' master_key='eSxX0jzYfIamtnBKOEOwq80A=')": "Password or Key",
    "oauth_client_secret = 'hunter2'": "Password or Key",
    "oauth_refresh_token = 'abcd1234abcd1234abcd'": "Password or Key",
    "PASSWORD\n  =\n  'hunter2'": "Password or Key",
    # code
    'password="hunter2"': "Password or Key",
    'dbPassword: "hunter2"': "Password or Key",
    "clientSecret = 'hunter2'": "Password or Key",
    '{"user": "jane", "password": "hunter2"}': "Password or Key",
    r'"{\"password\": \"hunter2\"}"': "Password or Key",
    "config['password'] = 'hunter2'": "Password or Key",
    "if password == 'hunter2':": "Password or Key",
    "{:passphrase => 'hunter2'}": "Password or Key",
    "password := 'hunter2'": "Password or Key",
    'api_key = "abcd1234abcd1234"': "Password or Key",
    "export SNOWFLAKE_PASSWORD=hunter2": "Secret Parameter",
    "psql --password=hunter2": "Secret Parameter",
    "host=db user=jane password=hunter2 dbname=shop": "Secret Parameter",
    "PGPASSWORD=hunter2 psql -h db": "Secret Parameter",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI7K python load.py": "Secret Parameter",
    "  password: hunter2": "Secret Parameter",
    "Endpoint=sb://x;SharedAccessKeyName=n;SharedAccessKey=abcdefgh12345678=": "Secret Parameter",
    "curl -s -u jane:hunter2 https://example.com": "Secret Parameter",
    "alter user jane set password = $$hunter2$$": "Password or Key",
    "curl -H 'X-Api-Key: abcd1234abcd'": "Secret Parameter",
    "curl -H 'Authorization: Bearer abcd1234abcd'": "Authorization Header",
    "headers = {'Authorization': 'Basic amFuZTpodW50ZXIy'}": "Authorization Header",
    # URLs and connection strings
    "https://jane:hunter2@example.com/dags": "Basic Auth Credentials",
    "https://jane:h!un$ter2@example.com/dags": "Basic Auth Credentials",
    "snowflake://jane:hunter2@abc123/DB": "Basic Auth Credentials",
    "jdbc:oracle:thin:scott/tiger@//db:1521/x": "Basic Auth Credentials",
    "jdbc:snowflake://abc123/?user=jane&password=hunter2&warehouse=w": "Secret Parameter",
    "Server=db;Uid=jane;Pwd=hunter2;": "Secret Parameter",
    "https://example.com/dags?token=abcd1234": "Secret Parameter",
    "https://example.com/dags?x=1&access_token=abcd1234": "Secret Parameter",
    "https://x.blob.core.windows.net/b?sv=2022&sig=abcd1234%3D": "Secret Parameter",
    "https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef": "Secret Parameter",
    "https://storage.googleapis.com/b/k?X-Goog-Signature=0123456789abcdef": "Secret Parameter",
    f"AccountName=a;AccountKey={'a1B/' * 21}aa==": "Azure Storage Account access key",
    "https://hooks.slack.com/services/" + "T0000/B0000/abcd": "Slack Token",
    # single tokens
    KEY_ID: "AWS Access Key",
    JWT: "JSON Web Token",
    f"https://atlan.example.com/api?jwt={JWT}": "JSON Web Token",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIB": "Private Key",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----": "Private Key",
    "-----BEGIN OPENSSH PRIVATE KEY-----": "Private Key",
    f"ghp_{'a1B2' * 9}": "GitHub Token",
    f"github_pat_{'a1B2' * 20}": "Platform Token",
    f"glpat-{'a1B2' * 5}": "GitLab Token",
    f"xoxb-{123}-{456}-abc": "Slack Token",
    f"sk_live_{'a1B2' * 6}": "Stripe Access Key",
    f"dapi{'0a1b' * 8}": "Platform Token",
    f"AIza{'a1B2_' * 7}": "Platform Token",
    f"SG.{'a' * 22}.{'b' * 43}": "SendGrid API Key",
    f"{'0a1b' * 8}-us1": "Mailchimp Access Key",
    f"sk-{'a1B2' * 5}T3BlbkFJ{'a1B2' * 5}": "OpenAI Token",
    f"pypi-AgEIcHlwaS5vcmc{'a1B2' * 20}": "PyPI Token",
    f"//registry.example.com/:_authToken=npm_{'a1B2' * 9}": "NPM tokens",
    f"sq0csp-{'a' * 43}": "Square OAuth Secret",
    f"{'123456789'}:{'a' * 35}": "Telegram Bot Token",
}


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_found(text):
    (found, *more) = leaks(text)

    assert SECRETS[text] in found.kinds.split(" and ")
    assert found.line == 1
    assert more == []


HARMLESS = [
    # names and ids
    "default/snowflake/1657025257/RAW/PUBLIC/ORDERS",
    "default/snowflake/1657025257/RAW/PUBLIC/EURASIATRADESUMMARYDAILY",
    "default/snowflake/1657025257/RAW/PUBLIC/ASIAPACIFICSALESDATA",
    "MARKETING_ANALYTICS_PROD_EU.PUBLIC.CUSTOMER_LIFETIME_VALUE_MONTHLY",
    "APACCUSTOMERS",
    "RAW.PUBLIC.PASSWORD_RESETS",
    "495b1516-aaaf-4390-8cfd-b11ade7a7799",
    "a0427209221340a5e997701256e982ea",
    "urn:pulumi:prod::infra::pulumi-python:dynamic/atlan:Process::load",
    # SQL
    "select password_hash, api_token_id from users where user_id = 'jane.doe@example.com'",
    "select * from t where account_key = 'A1' and client_key = 'ACME-000000000000001'",
    "select * from t where password_type = 'temporary'",
    "select password_flag, 'x';",
    "select secret, 'abcdefgh' from t",
    "select * from t join u on t.password=u.password1 and secret=column",
    "where t.access_key=s.access_key1",
    "curl -u $USER:$PASS https://example.com",
    "password: varchar(20)",
    "select u.password = o.password from u join o using (secret_key)",
    "where row_hash = '5d41402abc4b2a76b9719d911017c592'",
    "where checksum in ('da39a3ee5e6b4b0d3255bfef95601890afd80709')",
    "where token = 'the' or token = 'internationalisation'",
    "where id = '495b1516-aaaf-4390-8cfd-b11ade7a7799'",
    "where event_name in ('reset_password', 'change_password')",
    "where password is not null and password <> ''",
    "where has_password = 'Y' or needs_password = 'true'",
    "alter table t add constraint pk primary key (a_long_name_of_a_column_of_44_characters_here)",
    "create table users (password varchar(255), api_key string, secret number)",
    "--password hash is kept for a year",
    "-- token: see the wiki",
    "copy into t from @stage storage_integration = lake",
    "copy t from 's3://lake' iam_role 'arn:aws:iam::123456789012:role/load'",
    "select payload:password::string from events",
    "select $1:token, $2:secret from @stage",
    "sha2(password || 'salt')",
    # code
    "password = get_secret('db')",
    "password: str",
    "def connect(user: str, password: str, token: str | None = None) -> None:",
    "password = os.environ['DB_PASSWORD']",
    "token = response.json()['access_token']",
    '"properties": {"password": {"type": "string"}}',
    '{"password": "string", "secret": "varchar"}',
    "next_page = '?page_token=' + token",
    # URLs
    "https://example.com:8080/dags/123?run=2024-01-31T00:00:00",
    "https://example.com/dags?page_token=abcd1234abcd&next=2",
    "https://example.com/@jane/notes:draft",
    "https://github.com/shop/etl/blob/0123456789abcdef0123456789abcdef01234567/load.sql#L3",
    "s3://bucket/year=2024/month=01/file.csv",
    "git@github.com:shop/etl.git",
    "snowflake://abc123.snowflakecomputing.com",
    "jdbc:postgresql://db:5432/shop?user=jane",
    "https://example.com/reset-password?user=jane",
    # words
    "The password is kept in the vault, and the token too.",
    "Mail to jane@example.com: she knows who is who.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_not_reported(text):
    assert leaks(text) == []


PLACEHOLDERS = [
    "<redacted>",
    "<your password>",
    "***",
    "********",
    "xxxxxx",
    "...",
    "${DB_PASSWORD}",
    "$DB_PASSWORD",
    "$password",
    "$(cat /run/secrets/db)",
    "{{ var }}",
    "{{ env_var(",
    "{password}",
    "{% raw %}",
    "%s",
    "%(password)s",
    "%%PASSWORD%%",
    ":password",
    "[secret]",
    "[REDACTED]",
    "DB_PASSWORD",
    "REDACTED",
    "changeme",
    "change-me-redacted",
    "@{activity(1)}",
    "null",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
    "projects/shop/secrets/db",
    "vault:secret/data/db#password",
]


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_is_not_a_secret(placeholder):
    assert leaks(f"create user jane password '{placeholder}'") == []
    if " " not in placeholder:
        assert leaks(f'password = "{placeholder}"') == []
        assert leaks(f'{{"password": "{placeholder}"}}') == []


@pytest.mark.parametrize(
    "placeholder", ["***", "${DB_PASSWORD}", "$DB_PASSWORD", "{password}", "<redacted>", "%s"]
)
def test_a_placeholder_in_a_url_is_not_a_secret(placeholder):
    assert leaks(f"https://jane:{placeholder}@example.com/dags") == []
    assert leaks(f"jdbc:snowflake://abc123/?user=jane&password={placeholder}") == []
    assert leaks(f"https://example.com/dags?token={placeholder}") == []


@pytest.mark.parametrize("almost", ["$ecret123", "hunter2!", "%25secret", "p{1}x", "xxy", "redactable1"])
def test_text_that_only_starts_like_a_placeholder_is_a_secret(almost):
    assert leaks(f"create user jane password '{almost}'") != []


def test_a_concatenation_is_not_a_secret():
    assert leaks('sql = "create user jane password \'" + password + "\'"') == []
    assert leaks("execute immediate 'alter user jane set password = ''' || pw || ''''") == []


def test_each_line_is_reported_once_with_its_number():
    text = "select 1\nfrom t\n-- password = 'hunter2'\r\n\npwd='a1b2' secret='c3d4' https://jane:hunter2@x\n"

    assert leaks(text) == [(3, "Password or Key"), (5, "Basic Auth Credentials and Password or Key")]


@given(st.text("\n\r\t x", max_size=9), st.sampled_from(list(SECRETS)))
def test_line_numbers_count_all_preceding_lines(before, secret):
    (found,) = leaks(f"{before}\n{secret}")

    assert found.line == before.count("\n") + 2
    assert SECRETS[secret] in found.kinds.split(" and ")


def test_a_leading_empty_line_is_line_one():
    assert leaks("\npassword = 'hunter2'") == [(2, "Password or Key")]


def test_text_with_the_shape_of_a_token_is_verified():
    """The second text has the form of a JSON Web Token, but contains no JSON."""
    assert leaks(JWT) != []
    assert leaks("eyJhbGciOiJub25l.eyJub3RfanNvbg.abcdefghijklmnop") == []


def test_lines_are_sorted_across_detectors():
    token = f"sk_live_{'a1B2' * 6}"

    assert leaks(f"{token}\npassword='hunter2'\n{token}") == [
        (1, "Stripe Access Key"),
        (2, "Password or Key"),
        (3, "Stripe Access Key"),
    ]


def test_a_token_without_its_optional_part_is_found_and_may_be_ignored():
    token = f"glcbt-{'a1B2' * 5}"

    for ignore in ([], ["other"]):
        assert leaks(token, ignore) == [(1, "GitLab Token")]
    assert leaks(token, [token]) == []


def test_ignore_patterns_match_the_whole_value():
    text = "create user jane password 'demo-hunter2'"

    assert leaks(text, ["demo-.*"]) == []
    assert leaks(text, ["hunter2"]) != []
    assert leaks(text, ["demo"]) != []
    assert leaks(KEY_ID, ["AKIA.*EXAMPLE"]) == []
    token = f"ghp_{'a1B2' * 9}"
    assert leaks(token, [token]) == []
    assert leaks(f"{token} ghp_{'c3D4' * 9}", [token]) != []


@settings(deadline=None)
@given(st.uuids(), st.integers(1_500_000_000, 1_999_999_999), st.binary(max_size=30))
def test_guids_hashes_and_qualified_names_are_not_secrets(number: uuid.UUID, epoch, data):
    digests = [hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    for text in (str(number), f"default/snowflake/{epoch}/{number}", *digests):
        assert leaks(text) == []
        assert leaks(f"select * from t where id = '{text}' and hash <> \"{text}\"") == []
        assert leaks(f"https://example.com/runs/{text}?id={text}&hash={text}") == []


_WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(_WORD, min_size=3, max_size=3), st.lists(_WORD, max_size=4))
def test_names_of_tables_and_columns_are_not_secrets(table, columns):
    name = ".".join(table)

    assert leaks(f"default/snowflake/1657025257/{'/'.join(table)}") == []
    assert leaks(f"select {', '.join(columns) or '*'} from {name} where {name}.ID = 'A'") == []


_ODD = st.text(max_size=50) | st.sampled_from([*SECRETS, *HARMLESS])


@settings(deadline=None)
@given(st.lists(_ODD, max_size=6).map("\n".join))
def test_any_text_can_be_searched(text):
    found = leaks(text)

    lines = [each.line for each in found]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
    assert all(each.kinds for each in found)


@pytest.mark.parametrize(
    "part",
    [
        "//",
        "eyJ",
        "://a:",
        "sk-a",
        "password='",
        "export ",
        "jdbc:oracle:thin:",
        "token=",
        "'",
        "a",
        " ",
        "AKIA",
    ],
)
@pytest.mark.timeout(120)  # takes a second; a quadratic search would take minutes
def test_long_texts_are_searched_in_linear_time(part):
    text = (part * 100_000)[:100_000]

    leaks(text)


def test_the_search_is_thread_safe():
    texts = [*SECRETS, *HARMLESS] * 5
    alone = [leaks(text) for text in texts]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(leaks, texts)) == alone
