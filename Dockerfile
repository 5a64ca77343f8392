# The image of the server: one static binary, the files for browsers and the certificates of public authorities. There is no shell.
# `make image` prepares the folder for it, and adds the version: docker build --platform linux/arm64 -t my-data target/image
FROM scratch
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY THIRD-PARTY-LICENCES.txt /THIRD-PARTY-LICENCES.txt
COPY sbom /sbom
COPY site /site
COPY server /server
# The image has no user names, so this is a number: the one that such images usually give to a user without rights. The server writes
# no file, so the root can be read-only.
USER 65532:65532
EXPOSE 3000
ENV MYDATA_LISTEN=0.0.0.0:3000 MYDATA_SITE_ROOT=/site
# Docker runs it; ECS has its own in the task definition.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["/server", "healthz"]
ENTRYPOINT ["/server"]
LABEL org.opencontainers.image.title="My Data" \
    org.opencontainers.image.description="Citizens sign in through a Cognito user pool, and see and keep their data"
