# The image of the server: one static binary, the files for browsers and the certificates of public authorities. There is no shell.
# `make image` prepares the folder for it: docker build --platform linux/arm64 -t my-data target/image
FROM scratch
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY site /site
COPY server /server
# The image has no user names, so this is a number: the one that such images usually give to a user without rights.
USER 65532:65532
EXPOSE 3000
ENV MYDATA_LISTEN=0.0.0.0:3000 MYDATA_SITE_ROOT=/site
ENTRYPOINT ["/server"]
