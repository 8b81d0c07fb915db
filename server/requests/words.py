"""The words of the pages that residents see, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Lang = Literal["zh", "en"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "brand": ("巡迹", "Roundsman"),
    "other": ("English", "中文"),
    "report.title": ("报修和反映问题", "Report to the service desk"),
    "report.here": ("您扫的是", "You scanned"),
    "report.what": ("什么事", "What is it about"),
    "report.class": ("哪方面（可不选）", "Which kind (optional)"),
    "report.class.any": ("不清楚", "Not sure"),
    "report.text": ("请写一下情况", "Tell us what is wrong"),
    "report.text.hint": ("比如：灯不亮，水管漏水", "For example: the lamp is out, a pipe leaks"),
    "report.place": ("具体位置（可不填）", "Where exactly (optional)"),
    "report.place.hint": ("几栋几层、哪一户门口", "Building, floor, next to which door"),
    "report.photos": ("照片（可不加，最多 3 张）", "Photos (optional, up to 3)"),
    "report.photos.add": ("拍照或选照片", "Take or choose photos"),
    "report.phone": ("电话（可不填）", "Phone number (optional)"),
    "report.phone.hint": (
        "只用来就这件事联系您。办完 {days} 天后删除，也可以随时让服务中心删除。",
        "Used only to reach you about this. Deleted {days} days after it is settled, or earlier if "
        "you ask the desk.",
    ),
    "report.consent": (
        "不用登录，不留 Cookie。照片里的拍摄地点等信息会去掉。写的内容由物业服务中心处理。",
        "No log-in, no cookies. Location data in photos is removed. What you write goes to the service desk.",
    ),
    "report.trap": ("这一栏请留空", "Leave this field empty"),
    "report.send": ("提交", "Send"),
    "report.send.small": ("给服务中心", "to the service desk"),
    "report.sending": ("正在提交", "Sending"),
    "report.staff": ("工作人员请打开巡迹扫码", "Staff: scan the code in Roundsman"),
    "report.staff.why": ("用微信或相机扫，不会留下巡查记录。", "A scan with another app records no visit."),
    "report.open": ("打开巡迹", "Open Roundsman"),
    "report.call": ("打电话给服务中心", "Call the service desk"),
    "report.urgent": ("急事请直接打电话", "If it is urgent, call"),
    "report.remove": ("去掉照片 {n}", "Take out photo {n}"),
    "report.offline": (
        "没有发出去，网络不通。写的都还在，再按一次“提交”。",
        "Not sent: no network. All you wrote is still here. Press Send again.",
    ),
    "report.heavy": ("有一张照片读不出来，没有加上", "One photo could not be read and was left out"),
    "lift.title": ("困在电梯里？", "Stuck in the lift?"),
    "lift.call": ("打电话求助", "Call for help"),
    "lift.send": ("我困在电梯里", "I am stuck in the lift"),
    "lift.send.small": ("马上通知服务中心", "tell the service desk at once"),
    "lift.calm": (
        "轿厢里通风，不会闷。不要扒门，等人来开。轿厢里的警铃也可以按。",
        "There is air in the car. Do not force the doors. You can press the alarm button as well.",
    ),
    "lift.text": ("有人困在电梯里", "Somebody is stuck in the lift"),
    "lift.none": ("别的事请往下写", "For anything else, write below"),
    "tag.title": ("这是巡查点位码", "This code marks a place"),
    "tag.staff": (
        "工作人员请打开手机上的“巡迹”，在里面扫这个码。用微信或相机扫，不会留下记录。",
        "Staff: open Roundsman on your phone and scan the code in there. Scanning it with another "
        "app records nothing.",
    ),
    "tag.visitor": ("您是住户或访客？", "Resident or visitor?"),
    "tag.visitor.why": (
        "发现异常，请联系物业服务中心，并告诉他们标签上印的名称和编号。",
        "If something is wrong here, tell the service desk the name and number printed on the label.",
    ),
    "tag.gone": (
        "这个码已停用。请用旁边的新码，或直接打电话。",
        "This code is out of use. Use the new one beside it, or call.",
    ),
    "refuse.text": ("还没写是什么事", "Say what it is about first"),
    "refuse.long": ("写得太长，最多 {n} 个字", "Too long: {n} characters at most"),
    "refuse.phone": ("电话号码只用数字，5 到 20 位", "A phone number has 5 to 20 figures"),
    "refuse.trap": (
        "有一个看不见的栏被自动填了，已清掉。请再按一次“提交”。",
        "A hidden field had been filled in by itself and is empty now. Press Send again.",
    ),
    "refuse.photo": (
        "有一个文件不是照片，或坏了。请换一张，文字都还在。",
        "One of the files is no photo, or is damaged. Choose another. What you wrote is still here.",
    ),
    "refuse.photos": ("照片太多，一次最多 3 张", "Too many photos: 3 at once"),
    "refuse.large": (
        "照片一共太大，没有收到。请返回，少选一张，文字还在。",
        "The photos are too large together and did not arrive. Go back and choose fewer; your "
        "words are still there.",
    ),
    "refuse.often": (
        "刚才报得太多，{time} 后再试。文字都还在。急事请打电话。",
        "Too many reports just now. Try again in {time}. What you wrote is still here. If it is "
        "urgent, call.",
    ),
    "refuse.busy": (
        "现在收不下，写的都还在。过一分钟再按“提交”，急事请打电话。",
        "It cannot be taken now. All you wrote is still here: send again in a minute. If urgent, call.",
    ),
    "refuse.photos_again": ("照片请再选一次。", "Choose the photos again."),
    "refuse.state": ("这件事的情况变了，请看下面", "Things have changed meanwhile, see below"),
    "minutes": ("{n} 分", "{n} min"),
    "follow.title": ("您的{kind} {number}", "Your {kind} {number}"),
    "follow.new": ("收到了", "We have it"),
    "follow.new.why": (
        "请收藏这一页，随时来看进展。不用登录，别人没有这个地址看不到。",
        "Keep this page to see what becomes of it. No log-in; nobody sees it without this address.",
    ),
    "follow.copy": ("复制地址", "Copy the address"),
    "follow.copied": ("已复制", "Copied"),
    "follow.qr": ("扫码在别的手机上看", "Scan to see it on another phone"),
    "follow.history": ("进展", "What happened"),
    "follow.add": ("补充说明", "Add something"),
    "follow.add.act": ("补充", "Add"),
    "follow.hurry": ("催一下", "Ask again"),
    "follow.withdraw": ("撤回", "Withdraw"),
    "follow.withdraw.ask": ("不用办了", "No longer needed"),
    "follow.withdraw.why": (
        "撤回后服务中心就不再办这件事。",
        "The desk then stops working on it.",
    ),
    "follow.done": ("办好了吗？", "Is it settled?"),
    "follow.yes": ("满意，办好了", "Yes, settled"),
    "follow.no": ("没办好", "No, not yet"),
    "follow.no.why": ("还有什么问题（可不填）", "What is still wrong (optional)"),
    "follow.again": (
        "又出问题了？30 天内可以再打开。",
        "Wrong again? It can be opened again within 30 days.",
    ),
    "follow.merged": (
        "与 {number} 是同一件事，一起办。",
        "This is the same matter as {number} and goes on with it.",
    ),
    "follow.erased": ("内容已按要求删除", "What was written has been deleted"),
    "follow.rescue": (
        "救援正在安排。保持冷静，不要扒门。",
        "Rescue is being arranged. Keep calm, do not force the doors.",
    ),
    "follow.refresh": ("这一页每 30 秒自己更新", "This page renews itself every 30 seconds"),
    "follow.window": ("约好的时间", "Appointment"),
    "follow.photo": ("照片 {n}", "Photo {n}"),
    "follow.gone": ("没有这个地址", "No such address"),
    "follow.gone.why": (
        "地址不完整，或服务中心换了新的。请打电话问服务中心，或再扫一次码。",
        "The address is incomplete, or the desk gave out a new one. Call the desk or scan the code again.",
    ),
    "kind.repair": ("报修", "Repair"),
    "kind.complaint": ("投诉", "Complaint"),
    "kind.suggestion": ("建议", "Suggestion"),
    "kind.praise": ("表扬", "Praise"),
    "kind.question": ("咨询", "Question"),
    "kind.errand": ("代办", "Errand"),
    "class.water": ("水", "Water"),
    "class.power": ("电", "Power"),
    "class.gas": ("燃气", "Gas"),
    "class.lift": ("电梯", "Lift"),
    "class.lighting": ("照明", "Lighting"),
    "class.glass": ("玻璃", "Glass"),
    "class.door": ("门、道闸", "Door or barrier"),
    "class.fire": ("消防", "Fire safety"),
    "class.leak": ("漏水", "Leak"),
    "class.other": ("其他", "Other"),
    "state.new": ("已收到，等人受理", "Received, waiting to be taken"),
    "state.open": ("正在办", "Being dealt with"),
    "state.done": ("办完了，请您看看", "Done, please check"),
    "state.closed": ("已办结", "Settled"),
    "state.withdrawn": ("已撤回", "Withdrawn"),
    "state.merged": ("并到另一件", "Goes on with another"),
    "event.opened": ("收到您的{kind}", "Received"),
    "event.opened.desk": ("服务中心记下了您的{kind}", "The service desk noted it for you"),
    "event.taken": ("服务中心有人负责了", "Somebody at the service desk is responsible now"),
    "event.accepted": ("换了一位负责人", "Somebody else is responsible now"),
    "event.ordered": ("已派人处理", "Somebody has been sent"),
    "event.arrived": ("人到现场了", "They have arrived"),
    "event.worked": ("现场处理完了", "The work on site is done"),
    "event.told": ("服务中心告诉您", "Message from the service desk"),
    "event.said": ("您补充说", "You added"),
    "event.hurried": ("您催了一次", "You asked again"),
    "event.answered": ("服务中心答复", "Answer of the service desk"),
    "event.followed.yes": ("您说办好了", "You said it is settled"),
    "event.followed.no": ("您说没办好，重新办", "You said it is not settled, it goes on"),
    "event.followed.yes.desk": ("回访：满意", "Followed up: satisfied"),
    "event.followed.no.desk": ("回访：没办好，重新办", "Followed up: not settled, it goes on"),
    "event.ended": ("服务中心结了这件事", "The service desk closed it"),
    "event.withdrawn": ("您撤回了", "You withdrew it"),
    "event.merged": ("与另一件是同一件事，一起办", "The same matter as another one; both go on together"),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a word or sentence."""
    return WORDS[key][0 if lang == "zh" else 1].format(**values)
