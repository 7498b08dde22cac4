# SPDX-License-Identifier: Apache-2.0
"""Thirty seconds of the problem: what an ordinary certificate check says of a copied, a resold and a scrapped camera."""
from demo_tools import Failed, Talk, run


def challenge(folder, key, certificate):
    """A server's ordinary check: the chain holds, and the peer has signed a fresh challenge."""
    run(["openssl", "rand", "-out", folder / "challenge", "32"])
    run(["openssl", "dgst", "-sha256", "-sign", key, "-out", folder / "answer", folder / "challenge"])
    run(["openssl", "verify", "-CAfile", folder / "ca.pem", certificate])
    run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey", "-out", folder / "public.pem"])
    done = run(["openssl", "dgst", "-sha256", "-verify", folder / "public.pem", "-signature", folder / "answer", folder / "challenge"], check=False)
    if done.returncode != 0:
        raise Failed("the ordinary check refused what it should have passed")


def show(folder):
    folder.mkdir(parents=True)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run(["openssl", "req", "-x509", *curve, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-subj", "/CN=Camera CA", "-days", "3650"])
    run(["openssl", "req", *curve, "-keyout", folder / "camera.key", "-out", folder / "camera.csr", "-subj", "/CN=camera-0001"])
    run(["openssl", "x509", "-req", "-in", folder / "camera.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
         "-out", folder / "camera.pem", "-days", "3650"])
    (folder / "copied.key").write_bytes((folder / "camera.key").read_bytes())
    for english, japanese, key in (("a camera whose key was copied", "鍵を複製されたカメラ", "copied.key"), ("a camera that was sold on, by its old owner", "売却後、旧所有者の手にあるカメラ", "camera.key"),
                                   ("a camera that was scrapped last year", "昨年廃棄されたカメラ", "camera.key")):
        challenge(folder, folder / key, folder / "camera.pem")
        Talk.say(f"{english}: openssl says OK", f"{japanese}：openssl の判定は OK")
    Talk.say("the certificate says who made the key; it says nothing of whose it is now, where it is, or whether it lives",
             "証明書は鍵を誰が作ったかを示すだけで、今誰のものか、どこにあるか、生きているかは示さない")
