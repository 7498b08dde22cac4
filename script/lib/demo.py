#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A camera's whole life: see script/demo. Every step is a command that a person can type; nothing is made up."""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

import cbor2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import demo_lies
import demo_problem
import demo_recovery
from demo_tools import EXAMPLE, FOLDER, PROGRAM, REFERENCE, ROOT, Failed, Home, Node, Stopwatch, Talk, run

say, chapter, refused = Talk.say, Talk.chapter, Talk.refused
CHIPS = 10_000


class World:
    """Who takes part, and the ids of their things."""

    def __init__(self):
        self.operator, self.chips, self.cams = Home("operator"), Home("chips"), Home("cams")
        self.a, self.b, self.lab, self.notary = Home("company-a"), Home("company-b"), Home("lab"), Home("notary")
        self.shop, self.person, self.neighbour = Home("shop"), Home("someone"), Home("neighbour")
        self.safes = [Home(f"safe-{i}") for i in (1, 2, 3)]
        self.vendor_keys = [Home(f"vendor-key-{i}") for i in (1, 2, 3)]
        self.camera_home = Home("camera")
        self.node = Node(FOLDER / "node")
        self.refusals = 0
        self.firmware = []
        self.left_running = False

    def everybody(self):
        return [self.operator, self.chips, self.cams, self.a, self.b, self.shop, self.person, self.neighbour, self.lab, self.notary,
                *self.vendor_keys, self.camera_home]


def found(world):
    """A node, its founder, three recovery keys that lie apart, and seven members who ask to be let in."""
    recovery = []
    for safe in world.safes:
        safe("recovery", "make", "safe", "--out", FOLDER / f"{safe.name}.pub")
        recovery += ["--recovery-key", FOLDER / f"{safe.name}.pub"]
    told = run([PROGRAM, "--json", "node", "init", world.node.folder, "--port", "0", "--operations", "127.0.0.1:0", "--open",
                "--founder", "operator", *recovery, "--recovery-threshold", "2"]).stdout
    founding = json.loads(told)
    world.policy = FOLDER / "policy.cbor"  # as founded; the node's own moves on with the ledger
    shutil.copy(founding["policy"], world.policy)
    world.ledger = founding["ledger"]
    world.node.start()
    connect_all(world)
    world.operator("key", "import", "operator", "--from", founding["wallet"])
    world.operator("settings", "--key", "operator", "--member", "operator")
    opener = founding["keys"][0]["kid"]
    for home in world.vendor_keys:
        home("key", "create", "release")
    roles = {world.chips: "maker", world.cams: "maker", world.a: "registrar", world.b: "registrar", world.shop: "registrar",
             world.lab: "witness", world.notary: "witness"}
    for home, role in roles.items():
        request = home.path / "request.cbor"
        home("key", "create", "wallet")
        keys = ["--with-key", "wallet"]
        if home is world.cams:
            keys += [word for vendor in world.vendor_keys for word in ("--with-key", f"release@{vendor.path}=release")]
        home("member", "request", "--name", home.name, "--roles", role, "--opener", opener, *keys, "--out", request)
        world.operator("proposal", "open", "admit", request, "--weight", "0")
        home("settings", "--key", "wallet", "--member", home.name)
    say(f"a ledger in one process, {world.node.url}; its founder proposes seven members, each with keys that nobody else has, and decides alone",
        f"一つのプロセスの台帳 {world.node.url}。創設者が7つの参加組織を提案し、単独で決定。鍵はそれぞれ自分だけのもの")


def connect_all(world):
    for home in world.everybody():
        home("connect", "--node", world.node.url, "--pin", world.node.pin, "--policy", world.policy)


def birth(world):
    world.chips("model", "register", "soc-1", "--class", "chip")
    world.chips("model", "register", "cell-1", "--class", "battery")
    interrupted_registration(world)
    batteries = world.chips("part", "register", "--model", "cell-1", "--lot", "cells", "--count", "200", "--with-keys", *ids_file("cells"))
    say(f"200 batteries, each with a key of its own: {batteries['ms_per_unit']} ms a unit", f"電池200個、それぞれ自分の鍵つき：1個 {batteries['ms_per_unit']} ミリ秒")
    for lot, count in (("chips", "12"), ("cells", "4")):
        world.chips("custody", "ship", "--lot", lot, "--count", count, "--to", "cams", "--with-title")
        world.cams("custody", "receive", "--ids", FOLDER / f"{lot}.ids", "--count", count, "--with-title", "--keep", "all", "--as-lot", lot)
    world.chip_ids = (FOLDER / "chips.ids").read_text().split()[:12]
    world.cell_ids = (FOLDER / "cells.ids").read_text().split()[:4]
    say("twelve chips and four batteries shipped with title by the chip maker and received by the camera maker, who keeps their keys: both sides sign",
        "チップ12個と電池4個を、チップメーカーが所有権つきで発送し、カメラメーカーが鍵を残して受領。双方が署名")


def ids_file(lot):
    return ["--ids-out", FOLDER / f"{lot}.ids"]


def interrupted_registration(world):
    """The maker's program is killed in the middle, and run again."""
    words = ["part", "register", "--model", "soc-1", "--lot", "chips", "--count", CHIPS, "--with-keys", "--batch", "1024", *ids_file("chips")]
    watch = Stopwatch()
    victim = subprocess.Popen([str(each) for each in world.chips.arguments(words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    outbox = world.chips.path / "outbox"
    while victim.poll() is None and len(list(outbox.rglob("*"))) < 5 and watch.seconds() < 30:
        try:
            victim.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            pass
    died = victim.poll() is None
    victim.kill()
    victim.wait()
    again = world.chips(*words)
    ids = (FOLDER / "chips.ids").read_text().split()
    if len(ids) != CHIPS or len(set(ids)) != CHIPS or again["committed"] != CHIPS:
        raise Failed(f"the lot is not whole: {len(set(ids))} ids, {again['committed']} registered")
    sample = random.Random(1).sample(ids, 20)
    for each in sample:
        world.chips("part", "show", each)
    killed = ("the maker's program was killed in the middle and run again", "途中で強制終了し、再実行") if died else ("the run ended before it could be killed; it was run again", "終了前に止められず再実行")
    say(f"10,000 chips, each with a key of its own; {killed[0]}: {again['committed']} registered, none lost, none twice, "
        f"{watch.seconds() * 1000 / CHIPS:.2f} ms a unit in all", f"チップ1万個、それぞれ自分の鍵つき。{killed[1]}：{again['committed']}個登録、欠落も重複もなし、1個あたり計 {watch.seconds() * 1000 / CHIPS:.2f} ミリ秒")


def assembly(world):
    cams = world.cams
    kids = [word for vendor in world.vendor_keys for word in ("--release-key", f"release@{vendor.path}")]
    part_keys = ["--part-keys", world.chips.path / "keys"]
    cams("model", "register", "board-1", "--class", "board")
    world.camera_model = cams("model", "register", "camera-1", "--class", "device", *kids, "--release-threshold", "2")
    world.board = cams("device", "assemble", "--type", "board", "--model", "board-1", "--label", "board", *part_keys,
                       *[word for chip in world.chip_ids[:10] for word in ("--part", chip)])["unit"]
    world.camera = cams("device", "assemble", "--model", "camera-1", "--label", "camera", *part_keys, "--part", "board", "--part", world.cell_ids[0])["unit"]
    world.second = cams("device", "assemble", "--model", "camera-1", "--label", "second", *part_keys, "--part", world.cell_ids[1])["unit"]
    say("ten chips become a board, the board and a battery a camera; every part has signed for its place",
        "チップ10個が基板に、基板と電池がカメラに。どの部品も自分の取り付けに署名")
    world.camera_home("key", "create", "camera")
    cams("key", "register", f"camera@{world.camera_home.path}", "--for", "camera")
    world.camera_home("--key", "camera", "device", "activate", world.camera)
    say("the camera says, with its own key, that it lives", "カメラが自分の鍵で使用開始を申告")


def firmware(world):
    lines = run([ROOT / "script/lib/firmware-pair", ROOT / "build/firmware"]).stdout.split()
    world.firmware = [(lines[i], pathlib.Path(lines[i + 1])) for i in range(0, len(lines), 2)]
    for sequence, (version, image) in enumerate(world.firmware, start=1):
        first, second = world.vendor_keys[sequence - 1], world.vendor_keys[sequence]
        world.cams("--key", f"release@{first.path}", "firmware", "release", image, "--model", "camera-1", "--sequence", sequence,
                   "--version", f"OpenSBI {version}", "--approve-with", f"release@{second.path}")
        say(f"OpenSBI {version} ({image.stat().st_size:,} bytes) released by two of three vendor keys", f"OpenSBI {version}（{image.stat().st_size:,} バイト）を3つの鍵のうち2つで公開")


def life(world):
    for seller, buyer in ((world.cams, world.a), (world.a, world.b)):
        seller("ownership", "offer", world.camera, "--to", buyer.name)
        buyer("ownership", "accept", world.camera)
        say(f"{seller.name} offers the camera, {buyer.name} accepts it: the old owner's rights and keys end with that block",
            f"{seller.name} が譲渡を申し出、{buyer.name} が承諾。旧所有者の権限と鍵はそのブロックで消滅")
    world.b("custody", "recall", world.camera, "--device")
    say("company-b recalls it from whoever still holds it", "company-b が、まだ保管している者から取り戻す")
    world.passports = FOLDER / "passports"
    world.passports.mkdir()
    keep_passport(world, "living", world.camera)
    private_sale(world)


def private_sale(world):
    """A camera is sold to a person under a handle, while a rival who reads everything looks on."""
    cams, shop, person = world.cams, world.shop, world.person
    handles = person.path / "handles"
    for home, who in ((person, "someone who lives here"), (world.neighbour, "someone who lives next door")):
        home("party", "request", "home", "--registrar", "shop", "--count", "2", "--who", who, "--recovery", "registrar",
             "--handles-out", home.path / "handles", "--out", home.path / "request.cbor")
    # Under one signature, so that nobody sees which two are one person's.
    shop("party", "open", person.path / "request.cbor", world.neighbour.path / "request.cbor")
    handle = handles.read_text().split()[0]
    cams("ownership", "offer", "second", "--to", handle)
    person("--key", "home-000000", "ownership", "accept", world.second)
    record = world.chips("device", "show", world.second)["record"]
    body = json.dumps(record) + json.dumps(world.chips("party", "show", handle))
    if record["owner"] != handle or "someone" in body or "lives here" in body:
        raise Failed("the private sale shows more than a handle")
    say("a second camera is sold to a person, under a handle that the shop vouches for; the chip maker, a rival who reads every record, sees "
        f"{handle[:16]}...: no name, and another handle for the next deal",
        f"二台目のカメラを個人に販売。店が保証するハンドルで取引し、すべてのレコードを読む競合（チップメーカー）に見えるのは {handle[:16]}... だけ。氏名は見えず、次の取引では別のハンドル")


def keep_passport(world, name, device):
    world.b("passport", "get", device, "--all", "--out", world.passports / f"{name}.cbor", "--html", world.passports / f"{name}.html")


def refusals(world):
    def refuse(english, japanese, why):
        world.refusals += 1
        refused(english, japanese, why)

    why = world.cams.fails("device", "assemble", "--model", "camera-1", "--label", "third", "--part-keys", world.chips.path / "keys", "--part", world.cell_ids[0])
    part, device = world.b("part", "show", world.cell_ids[0])["record"], world.b("device", "show", world.camera)["record"]
    if part["alarms"] != 1 or device["alarms"] != 1 or part["state"] != "mounted":
        raise Failed("the cloned battery was not noticed")
    refuse("a battery cloned with its key is mounted in another camera", "鍵ごと複製した電池を別のカメラに取り付け", why)
    refuse("the seller tries to retire the camera after the sale", "売却後に旧所有者が運用終了を申告", world.a.fails("device", "retire", world.camera))
    version, image = world.firmware[-1]
    evil = FOLDER / "evil.bin"
    evil.write_bytes(image.read_bytes()[:-1] + bytes([image.read_bytes()[-1] ^ 1]))
    stolen = world.vendor_keys[0]
    model = world.camera_model["model"]
    refuse("a release signed with one stolen vendor key", "盗んだ鍵1つだけで公開",
           world.cams.fails("--key", f"release@{stolen.path}", "firmware", "release", evil, "--model", "camera-1", "--sequence", 9, "--version", "evil"))
    refuse("a firmware image with one changed byte", "1バイト変えたファームウェア", world.b.fails("firmware", "check", evil, "--model", model))
    world.b("firmware", "check", image, "--model", model)

    refuse_replay(world, refuse)
    refuse_foreign(world, refuse)
    world.b("device", "retire", world.camera)
    destroy(world)
    refuse("the scrapped camera's key signs again", "廃棄したカメラの鍵で署名", world.camera_home.fails("--key", "camera", "device", "activate", world.camera))


def refuse_replay(world, refuse):
    """Sent twice, it counts once: the second time the node shows the first's place."""
    paper = FOLDER / "statement.cbor"
    world.chips("model", "register", "soc-2", "--class", "chip", "--out", paper)
    first = world.chips("statement", "submit", paper)
    again = world.chips("statement", "submit", paper)
    if again["identity"] != first["identity"] or again["height"] != first["height"]:
        raise Failed("a replayed statement was ordered twice")
    refuse("a statement is replayed", "ステートメントの再送",
           f"it counts once: it has its one place in block {again['height']}, whoever sends it again" if Talk.lang == "en"
           else f"一度しか数えない：誰が再送しても、場所はブロック {again['height']} の一つだけ")


def refuse_foreign(world, refuse):
    """A statement for another ledger."""
    other = Node(FOLDER / "other-ledger")
    run([PROGRAM, "--json", "node", "init", other.folder, "--port", "0", "--operations", "127.0.0.1:0", "--open", "--founder", "operator"])
    other.start()
    try:
        stranger = Home("stranger")
        stranger("connect", "--node", other.url, "--pin", other.pin)
        refuse("a statement for this ledger is sent to another", "別の台帳へステートメントを送る", stranger.fails("statement", "submit", FOLDER / "statement.cbor"))
    finally:
        other.stop()


def destroy(world):
    paper = FOLDER / "destroy.cbor"
    world.b("device", "destroy", world.camera, "--out", paper)
    for witness in (world.lab, world.notary):
        witness("statement", "approve", paper)
    world.b("statement", "submit", paper)
    record = world.b("device", "show", world.camera)["record"]
    if record["state"] != "destroyed":
        raise Failed("the camera was not destroyed")
    say("retired by its owner, destroyed before two witnesses: a tombstone that never acts again", "所有者が運用を終了し、立会人二者の前で破壊処分。二度と行為しない墓標が残る")


def places_that_count(passport):
    """All bytes but those of the cosignatures: one of the node's two is enough, and one of an unknown key is passed over."""
    anchor = 3
    checkpoint = cbor2.loads(passport)[anchor][3]
    cosignatures = cbor2.dumps(checkpoint[5], canonical=True)
    begin = passport.index(cosignatures)
    return [*range(begin), *range(begin + len(cosignatures), len(passport))]


def passports(world):
    keep_passport(world, "scrapped", world.camera)
    good, folder = world.passports / "living.cbor", world.passports
    verifiers = {"mikusari passport verify": lambda file: run([PROGRAM, "--policy", world.policy, "passport", "verify", file], check=False).returncode,
                 "the C example": lambda file: run([EXAMPLE, world.policy, file], check=False).returncode,
                 "the Python implementation": lambda file: run([*REFERENCE, "passport", world.policy, file], check=False).returncode}
    data = good.read_bytes()
    places = random.sample(places_that_count(data), 10)
    for name, verify in verifiers.items():
        if verify(good) != 0:
            raise Failed(f"{name} refuses a good passport")
        for place in places:
            bad = folder / "changed.cbor"
            bad.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1:])
            if verify(bad) == 0:
                raise Failed(f"{name} accepts a passport with byte {place} changed")
    (folder / "changed.cbor").unlink()
    if verifiers["mikusari passport verify"](good) != 0:
        raise Failed("the untouched control was refused")
    world.passport_bytes = len(data)
    told = json.loads(run([PROGRAM, "--json", "--policy", world.policy, "passport", "verify", good]).stdout)
    world.passport_words = f"{told['things']} things, {told['events']} events"
    say(f"the passport of the living camera, {told['things']} things and {told['events']} events in {len(data):,} bytes, verified offline by the command, "
        "the C example and the Python implementation;",
        f"使用中のカメラのパスポート（記録{told['things']}件、出来事{told['events']}件、{len(data):,} バイト）を、コマンド・Cの例・Python実装がオフラインで検証；")
    say("changed in ten random places (not in the two cosignatures, of which one is enough): refused ten times by each; the untouched control accepted",
        "無作為に10か所変えると（一つで足りる二つの共同署名を除く）三者とも10回拒否。無変更の対照は受理")


def summary(world, watch):
    answer = FOLDER / "answer.cbor"
    world.b("part", "show", world.chip_ids[0], "--out", answer)
    begin = time.monotonic()
    run([PROGRAM, "--policy", world.policy_now, "verify", "part", world.chip_ids[0], answer])
    took = (time.monotonic() - begin) * 1000
    chapter(8, "Summary", "まとめ")
    say(f"a proof of one thing: {answer.stat().st_size:,} bytes, verified in {took:.0f} ms with the start of the program; a passport: {world.passport_bytes:,} bytes",
        f"一つの証明：{answer.stat().st_size:,} バイト、プログラムの起動を含め {took:.0f} ミリ秒で検証。パスポート：{world.passport_bytes:,} バイト")
    say(f"all files: {FOLDER.relative_to(ROOT)}   (passports/living.html opens in a browser and verifies itself, offline)",
        f"全ファイル：{FOLDER.relative_to(ROOT)}（passports/living.html はブラウザーで開くと自分自身をオフライン検証）")
    program = PROGRAM.relative_to(ROOT)
    home = world.b.path.relative_to(ROOT)
    say("go on by hand:", "続きは手で：")
    for words in (f"{program} --home {home} device show {world.second}", f"{program} --home {home} list devices --of company-b",
                  f"{program} --policy {pathlib.Path(world.policy).relative_to(ROOT)} passport show build/demo/passports/living.cbor",
                  f"{program} ledger audit --store build/demo/node/store   (with the node stopped)"):
        say(f"  {words}")
    print(flush=True)
    say(f"proved in {watch.seconds():.0f} s: one camera from 10,000 chips to scrap, {world.refusals} tricks and 3 lies refused, "
        "and nothing believed that was not verified", f"{watch.seconds():.0f}秒で証明：1万個のチップから廃棄までカメラ一台の一生、{world.refusals}件の不正と3件の嘘を拒否。検証しないものは何も信じていません", indent=0)


def finish(world, keep):
    if keep or sys.stdout.isatty():
        world.left_running = True
        say(f"node: {world.node.url} is running (process {world.node.process.pid}; stop it with: kill {world.node.process.pid})",
            f"ノード：{world.node.url} が稼働中（プロセス {world.node.process.pid}。停止：kill {world.node.process.pid}）", indent=0)
        return
    say(f"node: {world.node.url} has run until now; --keep leaves it running. Again: {PROGRAM.relative_to(ROOT)} node run build/demo/node",
        f"ノード：{world.node.url} はここで停止します（--keep で稼働継続）。再開：{PROGRAM.relative_to(ROOT)} node run build/demo/node", indent=0)
    world.node.stop()


def main():
    parser = argparse.ArgumentParser(prog="script/demo")
    parser.add_argument("--lang", choices=["en", "ja"], default="en")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    Talk.lang = options.lang
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "homes").mkdir(parents=True)
    watch = Stopwatch()
    world = World()
    try:
        chapter(1, "The problem: an ordinary certificate check", "問題：普通の証明書検証")
        demo_problem.show(FOLDER / "certificates")
        chapter(2, "Birth", "誕生")
        found(world)
        birth(world)
        assembly(world)
        firmware(world)
        chapter(3, "Life", "一生")
        life(world)
        chapter(4, "Seven tricks, each refused with its reason", "七つの不正を、理由とともに拒否")
        refusals(world)
        chapter(5, "A lying operator", "嘘をつく運用者")
        demo_lies.show(world)
        chapter(6, "A node that is lost, and comes back", "失われ、そして戻るノード")
        demo_recovery.show(world)
        chapter(7, "The passport, checked by three who share no trust", "信頼を共有しない三者によるパスポート検証")
        passports(world)
        summary(world, watch)
        finish(world, options.keep)
        return 0
    except Failed as failure:
        print(f"\nscript/demo: {failure}", file=sys.stderr)
        return 1
    finally:
        if not world.left_running:
            world.node.kill()


if __name__ == "__main__":
    sys.exit(main())
