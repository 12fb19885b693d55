# A mesh's own root and an intermediate for each cluster, with openssl: the sandbox's stand-in for the Makefile that a mesh package has.
#   make -f …/Makefile.selfsigned.mk root-ca          root-key.pem, root-ca.conf, root-cert.csr, root-cert.pem
#   make -f …/Makefile.selfsigned.mk NAME-cacerts     NAME/: ca-key.pem, ca-cert.pem, cert-chain.pem, root-cert.pem

.SUFFIXES:
.DELETE_ON_ERROR:
.PRECIOUS: %/ca-key.pem %/ca-cert.pem %/cert-chain.pem %/root-cert.pem

ROOTCA_DAYS ?= 3650
ROOTCA_KEYSZ ?= 4096
ROOTCA_ORG ?= Istio
ROOTCA_CN ?= Root CA
INTERMEDIATE_DAYS ?= 3650
INTERMEDIATE_KEYSZ ?= 4096
INTERMEDIATE_ORG ?= Istio
INTERMEDIATE_CN ?= Intermediate CA
INTERMEDIATE_SAN_DNS ?= istiod.istio-system.svc

USAGE := critical, digitalSignature, nonRepudiation, keyEncipherment, keyCertSign

.PHONY: root-ca
root-ca: root-key.pem root-cert.pem

root-key.pem:
	umask 077 && openssl genrsa -out $@ 4096

root-ca.conf:
	printf '%s\n' \
	  '[ req ]' 'encrypt_key = no' 'prompt = no' 'utf8 = yes' 'default_md = sha256' 'default_bits = $(ROOTCA_KEYSZ)' \
	  'req_extensions = authority' 'x509_extensions = authority' 'distinguished_name = subject' \
	  '[ authority ]' 'subjectKeyIdentifier = hash' 'basicConstraints = critical, CA:true' 'keyUsage = $(USAGE)' \
	  '[ subject ]' 'O = $(ROOTCA_ORG)' 'CN = $(ROOTCA_CN)' > $@

root-cert.csr: root-key.pem root-ca.conf
	openssl req -sha256 -new -key root-key.pem -config root-ca.conf -out $@

root-cert.pem: root-cert.csr root-key.pem root-ca.conf
	openssl x509 -req -sha256 -days $(ROOTCA_DAYS) -signkey root-key.pem -extensions authority -extfile root-ca.conf -in root-cert.csr -out $@

%-cacerts: %/cert-chain.pem %/root-cert.pem
	@echo "$*: ca-key.pem, ca-cert.pem, cert-chain.pem, root-cert.pem"

%/ca-key.pem:
	mkdir -p $(dir $@)
	umask 077 && openssl genrsa -out $@ 4096

%/intermediate.conf:
	mkdir -p $(dir $@)
	printf '%s\n' \
	  '[ req ]' 'encrypt_key = no' 'prompt = no' 'utf8 = yes' 'default_md = sha256' 'default_bits = $(INTERMEDIATE_KEYSZ)' \
	  'req_extensions = authority' 'x509_extensions = authority' 'distinguished_name = subject' \
	  '[ authority ]' 'subjectKeyIdentifier = hash' 'basicConstraints = critical, CA:true, pathlen:0' 'keyUsage = $(USAGE)' \
	  'subjectAltName = DNS:$(INTERMEDIATE_SAN_DNS)' \
	  '[ subject ]' 'O = $(INTERMEDIATE_ORG)' 'CN = $(INTERMEDIATE_CN)' 'L = $*' > $@

%/cluster-ca.csr: %/ca-key.pem %/intermediate.conf
	openssl req -sha256 -new -key $*/ca-key.pem -config $*/intermediate.conf -out $@

%/ca-cert.pem: %/cluster-ca.csr %/intermediate.conf root-key.pem root-cert.pem
	openssl x509 -req -sha256 -days $(INTERMEDIATE_DAYS) -CA root-cert.pem -CAkey root-key.pem -CAcreateserial \
	  -extensions authority -extfile $*/intermediate.conf -in $*/cluster-ca.csr -out $@

%/cert-chain.pem: %/ca-cert.pem root-cert.pem
	cat $*/ca-cert.pem root-cert.pem > $@

%/root-cert.pem: root-cert.pem
	mkdir -p $(dir $@)
	cp root-cert.pem $@
