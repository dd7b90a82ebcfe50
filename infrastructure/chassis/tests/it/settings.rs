//! Settings: layers, and every mistake at once, without its value.

use chassis::settings::{self, Http, Log, Settings, Telemetry};
use serde::Deserialize;

const DEFAULTS: &str = r#"
[http]
listen = "127.0.0.1:8001"
workers = 0
body_max_bytes = 1048576
read_timeout_ms = 10000
keep_alive_ms = 75000
shutdown_grace_s = 20
[log]
format = "auto"
filter = "info"
[telemetry]
otlp_endpoint = ""
sampling_ratio = 1.0
queue_spans = 100
"#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shop {
    http: Http,
    log: Log,
    telemetry: Telemetry,
}

impl Settings for Shop {
    fn log(&self) -> &Log {
        &self.log
    }

    fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    fn http(&self) -> &Http {
        &self.http
    }

    fn mistakes(&self) -> Vec<String> {
        let silent = self.log.filter == "off";
        silent.then(|| "log.filter: a shop that says nothing can't be helped".to_owned()).into_iter().collect()
    }
}

fn load(environment: &[(&str, &str)]) -> Result<Shop, settings::Mistakes> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    settings::load("my-shop", DEFAULTS, None, environment)
}

#[test]
fn the_environment_overrides_the_defaults() {
    let shop = load(&[("MY_SHOP__HTTP__WORKERS", "3"), ("OTHER__HTTP__WORKERS", "x"), ("PATH", "/bin")]).unwrap();
    assert_eq!((shop.http.workers, shop.http.keep_alive_ms), (3, 75000));
}

#[test]
fn every_mistake_is_told_at_once_with_key_and_source_and_without_its_value() {
    let mistakes = load(&[
        ("MY_SHOP__HTTP__WORKERS", "canary-many"),
        ("MY_SHOP__HTTP__LISTEN", "nowhere"),
        ("MY_SHOP__HTTP__WORKRES", "3"),
        ("MY_SHOP__LOG__FORMAT", "xml"),
    ])
    .unwrap_err();
    let text = mistakes.to_string();
    assert_eq!(mistakes.0.len(), 4, "{text}");
    for key in ["http.workers", "http.listen", "http.workres (MY_SHOP__HTTP__WORKRES)", "log.format"] {
        assert!(text.contains(key), "{key}: {text}");
    }
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn the_rules_of_telemetry_are_those_of_every_binary() {
    let mistakes = load(&[
        ("MY_SHOP__TELEMETRY__OTLP_ENDPOINT", "tempo:4318"),
        ("MY_SHOP__TELEMETRY__SAMPLING_RATIO", "1.5"),
        ("MY_SHOP__TELEMETRY__QUEUE_SPANS", "0"),
    ]);
    let keys = mistakes.unwrap_err().0.into_iter().map(|mistake| mistake.split(':').next().unwrap().to_owned());
    assert_eq!(
        keys.collect::<Vec<_>>(),
        ["telemetry.otlp_endpoint", "telemetry.sampling_ratio", "telemetry.queue_spans"]
    );
}

#[test]
fn rules_beyond_types_are_checked_too() {
    let mistakes = load(&[("MY_SHOP__LOG__FILTER", "off")]).unwrap_err();
    assert_eq!(mistakes.0, ["log.filter: a shop that says nothing can't be helped"]);
}

#[test]
fn a_file_stands_between_defaults_and_environment() {
    let path = std::env::temp_dir().join(format!("my-shop-{}.toml", std::process::id()));
    std::fs::write(&path, "[http]\nworkers = 2\nkeep_alive_ms = 1\n").unwrap();
    let environment = [("MY_SHOP__HTTP__WORKERS".to_owned(), "5".to_owned())];
    let shop: Shop = settings::load("my-shop", DEFAULTS, Some(&path), environment).unwrap();
    assert_eq!((shop.http.workers, shop.http.keep_alive_ms), (5, 1));
    std::fs::write(&path, "[htp]\nworkers = 2\n").unwrap();
    let mistakes = settings::load::<Shop>("my-shop", DEFAULTS, Some(&path), []).unwrap_err();
    assert!(mistakes.to_string().contains("htp.workers"), "{mistakes}");
    std::fs::remove_file(&path).unwrap();
}
