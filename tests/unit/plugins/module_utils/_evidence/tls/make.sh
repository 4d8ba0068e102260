#!/bin/sh
# How the files beside this one were made: by OpenSSL 3.0 and the keytool of OpenJDK 17.
set -eu
cd "$(dirname "$0")"
subject="/C=XX/O=Example/CN=media.example.net"
names="subjectAltName=DNS:media.example.net,DNS:*.example.net,IP:192.0.2.1,IP:2001:db8::1"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out rsa.pem -days 3650 -subj "$subject" -addext "$names"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca -out ca.pem -days 3650 -subj "/CN=Example CA"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout leaf -out request -subj "/CN=edge.example.net"
openssl x509 -req -in request -CA ca.pem -CAkey ca -CAcreateserial -days 30 -out leaf.pem
cat leaf.pem ca.pem > chain.pem
openssl req -x509 -newkey rsa:1024 -sha1 -nodes -keyout weak -out weak.pem -days 36500 -subj "/CN=weak"
openssl req -x509 -newkey ed25519 -nodes -keyout ed -out ed25519.pem -days 30 -subj "/CN=ed"
openssl pkcs12 -export -inkey key -in rsa.pem -out openssl.p12 -passout pass:a-password-of-its-own
rm -f keytool.p12 keystore.jks
keytool -importkeystore -srckeystore openssl.p12 -srcstorepass a-password-of-its-own -destkeystore keystore.jks \
    -deststoretype JKS -deststorepass password -destkeypass password
keytool -genkeypair -alias x -keyalg RSA -dname CN=media -keystore keytool.p12 -storepass changeit
rm -f key ca ca.pem ca.srl leaf leaf.pem request weak ed
