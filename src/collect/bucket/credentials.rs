//! The credentials of the standard chain, as object_store wants them.

use std::sync::Arc;

use async_trait::async_trait;
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;

use super::transport::{Ending, Heard};
use crate::collect::fault;
use crate::collect::signed::Signer;

/// Renews them before they run out.
#[derive(Debug)]
pub struct Chain {
    pub signer: Signer,
    pub heard: Arc<Heard>,
}

#[async_trait]
impl CredentialProvider for Chain {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let unsigned = |reason: String| {
            self.heard.end(Some(Ending::Unsigned { reason }));
            object_store::Error::Generic { store: "S3", source: "there are no credentials".into() }
        };
        let found = self.signer.credentials().await.map_err(|error| unsigned(fault::chain(error.as_ref())))?;
        let credential = AwsCredential {
            key_id: found.access_key_id().to_owned(),
            secret_key: found.secret_access_key().to_owned(),
            token: found.session_token().map(str::to_owned),
        };
        // object_store panics on what cannot stand in a header.
        let fits = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits(&credential.key_id) || !credential.token.as_deref().is_none_or(fits) {
            return Err(unsigned("the key id or the session token has a character that no request can carry".to_owned()));
        }
        Ok(Arc::new(credential))
    }
}
