import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.environment import Environment, is_loopback, read_environment
from bot.problems import STARTS, SettingsProblemError

TOKEN = "123456789:" + "A" * 35
KEY = "0123456789abcdefABCDEF0123456789" * 2
LOCAL = "http://127.0.0.1:8081"
SECRET = "s" * 16
REAL = {"TELEGRAM_BOT_TOKEN": TOKEN, "HOITHI_DATA_KEY": KEY}
HOOKED = {**REAL, "PUBLIC_URL": "https://bot.example.vn", "TELEGRAM_WEBHOOK_SECRET": SECRET}


def problem_of(variables: dict[str, str]) -> str:
    with pytest.raises(SettingsProblemError) as caught:
        read_environment(variables)
    (line,) = caught.value.lines
    return line


def test_empty_environment_is_a_rehearsal():
    environment = read_environment({})

    assert environment == Environment()
    assert environment.is_rehearsal
    assert (environment.bind_host, environment.bind_port) == ("127.0.0.1", 8080)
    assert environment.telegram_api == "https://api.telegram.org"


def test_full_environment_is_read():
    environment = read_environment(
        {
            "TELEGRAM_BOT_TOKEN": f" {TOKEN}\n",
            "TELEGRAM_API_URL": LOCAL,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "DATABASE_URL": "sqlite:///x.db",
            "REDIS_URL": "redis://127.0.0.1",
            "PUBLIC_URL": "https://bot.example.vn/",
            "BIND": "0.0.0.0:80",
            "HOITHI_DATA_KEY": KEY,
            "METRICS_TOKEN": f"{SECRET}\n",
            "HOITHI_CLOCK": "2025-12-10T09:00:00",
            "HOITHI_CRASH": "crash",
        }
    )

    assert environment == Environment(
        telegram_token=TOKEN,
        telegram_api=LOCAL,
        webhook_secret=SECRET,
        database_url="sqlite:///x.db",
        redis_url="redis://127.0.0.1",
        public_url="https://bot.example.vn",
        bind_host="0.0.0.0",  # noqa: S104 (an address typed, nothing listens)
        bind_port=80,
        is_bind_given=True,
        data_key=bytes.fromhex(KEY),
        metrics_token=SECRET,
        clock="2025-12-10T09:00:00",
        crash="crash",
    )
    assert not environment.is_rehearsal


@pytest.mark.parametrize(
    ("change", "key", "entry"),
    [
        pytest.param({"TELEGRAM_BOT_TOKEN": "x"}, "TELEGRAM_BOT_TOKEN", "token_form", id="word"),
        pytest.param(
            {"TELEGRAM_BOT_TOKEN": "12:" + "A" * 35}, "TELEGRAM_BOT_TOKEN", "token_form", id="id"
        ),
        pytest.param(
            {"TELEGRAM_BOT_TOKEN": "123456789:AAA"}, "TELEGRAM_BOT_TOKEN", "token_form", id="cut"
        ),
        pytest.param(
            {"TELEGRAM_BOT_TOKEN": "bot" + TOKEN}, "TELEGRAM_BOT_TOKEN", "token_form", id="bot"
        ),
        pytest.param(
            {"TELEGRAM_BOT_TOKEN": TOKEN + "/x"}, "TELEGRAM_BOT_TOKEN", "token_form", id="slash"
        ),
        pytest.param({"HOITHI_DATA_KEY": ""}, "HOITHI_DATA_KEY", "data_key_missing", id="no key"),
        pytest.param(
            {"HOITHI_DATA_KEY": "", "TELEGRAM_API_URL": LOCAL},
            "HOITHI_DATA_KEY",
            "data_key_missing",
            id="no key, local API",
        ),
        pytest.param(
            {"HOITHI_DATA_KEY": KEY[:-1]}, "HOITHI_DATA_KEY", "data_key_form", id="short key"
        ),
        pytest.param(
            {"HOITHI_DATA_KEY": "g" * 64}, "HOITHI_DATA_KEY", "data_key_form", id="no hex"
        ),
        pytest.param(
            {"TELEGRAM_WEBHOOK_SECRET": ""},
            "TELEGRAM_WEBHOOK_SECRET",
            "webhook_secret",
            id="no secret",
        ),
        pytest.param(
            {"TELEGRAM_WEBHOOK_SECRET": "s" * 15},
            "TELEGRAM_WEBHOOK_SECRET",
            "webhook_secret",
            id="short secret",
        ),
        pytest.param(
            {"TELEGRAM_WEBHOOK_SECRET": "s" * 257},
            "TELEGRAM_WEBHOOK_SECRET",
            "webhook_secret",
            id="long secret",
        ),
        pytest.param(
            {"TELEGRAM_WEBHOOK_SECRET": "một-bí-mật-rất-dài"},
            "TELEGRAM_WEBHOOK_SECRET",
            "webhook_secret",
            id="secret with other signs",
        ),
        pytest.param({"METRICS_TOKEN": "s" * 15}, "METRICS_TOKEN", "metrics_token", id="short"),
        pytest.param({"METRICS_TOKEN": "s s" * 9}, "METRICS_TOKEN", "metrics_token", id="signs"),
    ],
)
def test_secret_out_of_form_is_refused(change: dict[str, str], key: str, entry: str):
    assert problem_of({**HOOKED, **change}) == f"{key}: {STARTS[entry]}"


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "https:///bot"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:port"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:65536"),
        ("PUBLIC_URL", "bot.example.vn"),
        ("PUBLIC_URL", "https://[x]"),
    ],
)
def test_address_out_of_form_is_refused(key: str, typed: str):
    said = STARTS["address_form"].format(key=key, found=typed, wanted="https://...")

    assert problem_of({**HOOKED, key: typed}) == f"{key}: {said}"


@pytest.mark.parametrize(
    ("api", "public", "is_taken"),
    [
        pytest.param("", "https://bot.example.vn", True, id="https"),
        pytest.param("", "https://bot.example.vn:8443/x", True, id="https with port and path"),
        pytest.param("", "http://bot.example.vn", False, id="plain http"),
        pytest.param("", "http://127.0.0.1:8080", False, id="local, real API"),
        pytest.param(LOCAL, "http://127.0.0.1:8080", True, id="local, local API"),
        pytest.param(LOCAL, "http://bot.example.vn", False, id="plain http, local API"),
        pytest.param(LOCAL, "https://bot.example.vn", True, id="https, local API"),
    ],
)
def test_public_url_rules(api: str, public: str, is_taken: bool):
    variables = {**HOOKED, "TELEGRAM_API_URL": api, "PUBLIC_URL": public}

    if is_taken:
        assert read_environment(variables).public_url == public
    else:
        assert problem_of(variables) == f"PUBLIC_URL: {STARTS['public_url'].format(found=public)}"


def test_public_url_is_of_no_matter_in_a_rehearsal():
    assert read_environment({"PUBLIC_URL": "x"}).public_url == "x"


@pytest.mark.parametrize(
    "api",
    ["https://api.telegram.org", "http://10.0.0.1", "http://127.0.0.1.example.com"],
)
@pytest.mark.parametrize(
    "given", [{"HOITHI_CLOCK": "2025-12-10T09:00:00"}, {"HOITHI_CRASH": "crash"}]
)
def test_what_only_tests_set_is_refused_with_a_real_platform(api: str, given: dict[str, str]):
    variables = {**REAL, "TELEGRAM_API_URL": api, **given}

    (key,) = given
    words = STARTS["loopback_only"].format(key=key, found=api)
    assert problem_of(variables) == f"{key}: {words}"


@pytest.mark.parametrize("variables", [{}, {**REAL, "TELEGRAM_API_URL": LOCAL}])
def test_clock_without_a_real_platform_is_taken(variables: dict[str, str]):
    clock = "2025-12-10T09:00:00+07:00*60"

    assert read_environment({**variables, "HOITHI_CLOCK": clock}).clock == clock


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:0", "::1", 0), ("web:65535", "web", 65_535)],  # noqa: S104 (typed)
)
def test_bind_table(typed: str, host: str, port: int):
    environment = read_environment({"BIND": typed})

    assert (environment.bind_host, environment.bind_port, environment.is_bind_given) == (
        host,
        port,
        True,
    )


@pytest.mark.parametrize(
    "typed", ["8080", ":8080", "127.0.0.1", "127.0.0.1:", "h:x", "h:65536", "h:²"]
)
def test_bind_out_of_form_is_refused(typed: str):
    said = STARTS["address_form"].format(key="BIND", found=typed, wanted="127.0.0.1:8080")

    assert problem_of({"BIND": typed}) == f"BIND: {said}"


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1", True),
        ("http://127.255.255.254:1", True),
        ("https://localhost:8081/x", True),
        ("http://LOCALHOST", True),
        ("http://[::1]:8081", True),
        ("https://api.telegram.org", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("http://example.com/127.0.0.1", False),
        ("http://localhost.example.com", False),
        ("http://2130706433", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_is_loopback_table(url: str, is_local: bool):
    assert is_loopback(url) is is_local


def test_t43_secrets_stay_out_of_the_representation():
    environment = read_environment(
        {**HOOKED, "DATABASE_URL": "postgresql://u:pa55@h/d", "REDIS_URL": "redis://:pa55@h"}
    )

    shown = repr(environment)

    assert [each for each in (TOKEN, KEY.lower(), SECRET, "pa55") if each in shown] == []


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted({*HOOKED, "TELEGRAM_API_URL", "BIND", "HOITHI_CLOCK"})),
        st.text() | st.sampled_from([TOKEN, KEY, LOCAL, SECRET, "http://[", "//x:y"]),
    )
)
def test_any_environment_is_read_or_refused(variables: dict[str, str]):
    try:
        environment = read_environment(variables)
    except SettingsProblemError:
        return

    assert environment.is_rehearsal or environment.data_key != b""
