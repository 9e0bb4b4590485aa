#!/bin/sh
# Runs a real Dovecot in the foreground, for one test: dovecot.sh DIRECTORY IMAP IMAPS POP3 (ports on 127.0.0.1).
# Makes DIRECTORY with a certificate authority (ca.pem), certificates for localhost, and the mail of
# users under DIRECTORY/mail/USER (Maildir); every user's password is "secret". Needs dovecot-imapd and openssl; dovecot-pop3d for POP3.
set -u
directory=$1 imap=$2 imaps=$3 pop3=$4
me=$(id -un) group=$(id -gn)
login=$me internal=$me internal_group=$group
if [ "$(id -u)" = 0 ]; then # Dovecot refuses to serve root's mail, and logins as root
    me=mail group=mail login=dovenull internal=dovecot internal_group=dovecot
fi
mkdir -p "$directory/mail" "$directory/run" "$directory/state"
cd "$directory"
if [ ! -f ca.pem ]; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=dialogd test authority" \
        -keyout ca.key -out ca.pem 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr 2>/dev/null
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >server.ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
        -extfile server.ext -out server.pem 2>/dev/null
fi
[ "$(id -u)" != 0 ] || { chmod 755 "$directory"; chown -R $me:$group mail; }
pop3_protocol=
[ -x /usr/lib/dovecot/pop3 ] && pop3_protocol=pop3
cat >dovecot.conf <<CONF
base_dir = $directory/run
state_dir = $directory/state
log_path = $directory/dovecot.log
protocols = imap $pop3_protocol
listen = 127.0.0.1
ssl = yes
ssl_cert = <$directory/server.pem
ssl_key = <$directory/server.key
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain
default_internal_user = $internal
default_internal_group = $internal_group
default_login_user = $login
first_valid_uid = 0
first_valid_gid = 0
mail_uid = $me
mail_gid = $group
mail_location = maildir:$directory/mail/%u
mail_max_userip_connections = 50
maildir_stat_dirs = no
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$me gid=$group home=$directory/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 0
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = $pop3
  }
  inet_listener pop3s {
    port = 0
  }
}
service anvil {
  chroot =
}
CONF
dovecot -F -c "$directory/dovecot.conf" &
dovecot=$!
trap 'kill $dovecot 2>/dev/null; wait $dovecot; exit 0' TERM INT
# Ends with the test, however that ends.
while kill -0 "$PPID" 2>/dev/null && kill -0 $dovecot 2>/dev/null; do
    sleep 1 &
    wait $!
done
kill $dovecot 2>/dev/null || true
wait $dovecot || true
