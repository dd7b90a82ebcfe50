//! A wire to an engine that can be cut: then nothing goes through, and neither side is told.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The wire.
pub(crate) struct Wire {
    pub(crate) port: u16,
    whole: watch::Sender<bool>,
    _ends: JoinSet<()>,
}

impl Wire {
    /// A wire to this port of the loopback.
    pub(crate) async fn to(port: u16) -> Self {
        let target = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (whole, state) = watch::channel(true);
        let mut ends = JoinSet::new();
        ends.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                connections.spawn(carry(near, target, state.clone()));
            }
        });
        Self { port, whole, _ends: ends }
    }

    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// What was open when it was cut is lost, and its ends are told now.
    pub(crate) fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn carry(mut near: TcpStream, target: SocketAddr, mut whole: watch::Receiver<bool>) {
    if *whole.borrow() {
        let Ok(mut far) = TcpStream::connect(target).await else { return };
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = whole.wait_for(|whole| !whole) => {}
        }
        whole.wait_for(|whole| *whole).await.ok();
        return;
    }
    whole.wait_for(|whole| *whole).await.ok();
}
