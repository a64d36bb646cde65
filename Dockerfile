# A static program on a base that has certificates and nothing to log into.
# `docker build -t backstop .`, then `docker run --rm backstop audit --demo`
FROM rust:1.95-alpine AS build
# hadolint ignore=DL3018
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin backstop

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /source/target/release/backstop /usr/local/bin/backstop
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/backstop"]
CMD ["--help"]
