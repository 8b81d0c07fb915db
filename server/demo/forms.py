"""The demo's forms as data, by the field kinds of docs/protocol/forms.md.

The limits are engineering judgement, to be set per site by whoever answers for the plant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.demo.estate import Label, label

Field = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A checklist of the demo."""

    key: str
    name: Label
    fields: tuple[Field, ...]


def _check(field: str, zh: str, en: str, *, photo: bool = True, hint: Label | None = None) -> Field:
    made: Field = {"id": field, "kind": "check", "label": label(zh, en), "required": True}
    if photo:
        made["photo_on_fault"] = True
    if hint is not None:
        made["hint"] = hint
    return made


def _number(
    field: str, zh: str, en: str, unit: str = "", decimals: int = 0, *, required: bool = True, **limits: str
) -> Field:
    made: Field = {"id": field, "kind": "number", "label": label(zh, en), "required": required}
    made |= {"unit": unit, "decimals": decimals}
    if limits:
        made["limits"] = limits
    return made


def _meter(field: str, zh: str, en: str, unit: str = "", decimals: int = 0) -> Field:
    """Return a field that reads the asset's meter of this key; its limits are the meter's."""
    made: Field = {"id": field, "kind": "meter", "label": label(zh, en), "required": True}
    return made | {"meter": field, "unit": unit, "decimals": decimals}


def _choice(field: str, zh: str, en: str, *options: tuple[str, str, str, bool]) -> Field:
    listed = [{"id": i, "label": label(*names), "fault": fault} for i, *names, fault in options]
    return {"id": field, "kind": "choice", "label": label(zh, en), "required": True, "options": listed}


def _text(field: str, zh: str, en: str, *, most: int = 500) -> Field:
    """Return a few words, or the same said aloud."""
    return {"id": field, "kind": "text", "label": label(zh, en), "max": most, "voice": True}


def _photo(field: str, zh: str, en: str, least: int, **more: Any) -> Field:
    made: Field = {"id": field, "kind": "photo", "label": label(zh, en), "required": least > 0, "min": least}
    return made | {"camera_only": True, "mark_up": True, "stamp": True} | more


def _several(field: str, zh: str, en: str, *options: tuple[str, str, str], **more: Any) -> Field:
    listed = [{"id": i, "label": label(*names), "fault": False} for i, *names in options]
    return {"id": field, "kind": "several", "label": label(zh, en), "options": listed, **more}


def _share(field: str, zh: str, en: str, whole: str, part: str, **limits: str) -> Field:
    """Return what is left of `whole` without `part`, in percent."""
    formula = f"({whole} - {part}) / {whole} * 100"
    made: Field = {"id": field, "kind": "computed", "label": label(zh, en), "formula": formula}
    return made | {"unit": "%", "decimals": 1, "limits": limits}


def _signature(field: str, zh: str, en: str) -> Field:
    return {"id": field, "kind": "signature", "label": label(zh, en), "required": True, "name": True}


def _on_fault(field: str) -> dict[str, Any]:
    return {"if": {"field": field, "is": "fault"}}


_LEAKS = label("看泵、阀、接头和地面", "Look at pump, valves, joints and floor")

FACILITIES = Form("facilities", label("设施日巡", "Facilities"), (
    _check("road", "道路、铺装", "Road and paving"),
    _check("manholes", "井盖", "Manhole covers"),
    _check("fence", "围栏", "Fence"),
    _check("fitness", "健身、游乐器材", "Fitness and play equipment"),
    _check("access", "门禁", "Access control"),
    _check("perimeter", "周界报警", "Perimeter alarm"),
    _text("remark", "还要说的", "Anything else"),
))  # fmt: skip

CORRIDOR = Form("corridor", label("楼道", "Corridor"), (
    _check("unit_door", "单元门", "Unit door"),
    _check("glass", "门窗玻璃", "Glass"),
    _check("escape_way", "消防通道畅通", "Escape way clear"),
    _several("obstructed_by", "被什么占用", "Obstructed by", ("bikes", "电动车", "E-bikes"),
             ("goods", "杂物", "Goods"), ("locked", "上锁", "A lock"), ("other", "其他", "Other"),
             **_on_fault("escape_way")),
    _number("lamps_total", "灯具总数", "Lamps, all"),
    _number("lamps_out", "不亮的灯", "Lamps out"),
    _share("lamps_share", "完好率", "Share that works", "lamps_total", "lamps_out",
           alarm_low="85", warn_low="95"),
    _choice("extinguisher", "灭火器压力", "Extinguisher pressure",
            ("green", "绿区", "Green", False), ("yellow", "黄区", "Yellow", False),
            ("red", "红区", "Red", True)),
))  # fmt: skip

BOOSTER_PUMP = Form("booster_pump", label("生活水泵", "Booster pump"), (
    _meter("pressure", "出水压力", "Outlet pressure", "MPa", 2),
    _meter("current", "运行电流", "Current", "A", 1),
    _meter("hours", "累计运行", "Running hours", "h", 0),
    _check("leaks", "跑冒滴漏", "Leaks", hint=_LEAKS),
    _several("leak_at", "漏在哪里", "Where it leaks", ("seal", "机械密封", "Shaft seal"),
             ("valve", "阀门", "Valve"), ("joint", "接头", "Joint"), ("pipe", "管道", "Pipe"),
             **_on_fault("leaks")),
    {"id": "part", "kind": "part", "label": label("换了配件", "Part replaced"), **_on_fault("leaks")},
    _check("room", "机房整洁、门锁好", "Room tidy, door locked"),
))  # fmt: skip

WATER_TANK = Form("water_tank", label("生活水箱", "Water tank"), (
    _meter("level", "液位", "Level", "m", 2),
    _meter("chlorine", "余氯", "Free chlorine", "mg/L", 2),
    _meter("turbidity", "浊度", "Turbidity", "NTU", 2),
    _check("manhole", "人孔盖上锁", "Manhole locked"),
    _check("disinfection", "消毒设备运行", "Disinfection unit running"),
))  # fmt: skip

TRANSFORMER = Form("transformer", label("干式变压器", "Dry transformer"), (
    _meter("winding", "绕组温度", "Winding", "°C", 0),
    _meter("current", "低压电流", "LV current", "A", 0),
    _meter("energy", "电度", "Energy", "kWh", 0),
    _check("fans", "风机、温控器", "Fans and controller"),
    _check("smell", "无异味、无异响", "No smell, no unusual noise"),
))  # fmt: skip


def _voltage(field: str, zh: str, en: str) -> Field:
    return _number(field, zh, en, "V", 0, alarm_low="354", warn_low="354", warn_high="406", alarm_high="406")


SWITCH_ROOM = Form("switch_room", label("配电室", "Switch room"), (
    _voltage("voltage_ab", "线电压 AB", "Voltage AB"),
    _voltage("voltage_bc", "线电压 BC", "Voltage BC"),
    _voltage("voltage_ca", "线电压 CA", "Voltage CA"),
    _number("current_a", "电流 A 相", "Current A", "A", 0),
    _number("current_b", "电流 B 相", "Current B", "A", 0),
    _number("current_c", "电流 C 相", "Current C", "A", 0),
    _meter("power_factor", "功率因数", "Power factor", "", 2),
    _meter("room", "室温", "Room temperature", "°C", 0),
    _check("smell", "无异味、无异响", "No smell, no unusual noise"),
    _check("rodent_board", "挡鼠板", "Rodent board"),
    {"id": "tools_date", "kind": "time", "of": "date",
     "label": label("绝缘工具检定日期", "Insulated tools tested on")},
    _signature("signature", "巡检人签名", "Signed by"),
))  # fmt: skip

SUMP_PUMP = Form("sump_pump", label("排污泵", "Sump pump"), (
    _meter("level", "液位", "Level", "m", 2),
    _meter("hours", "累计运行", "Running hours", "h", 0),
    _check("manual_start", "手动启动", "Manual start"),
    _choice("mode", "控制方式", "Control",
            ("auto", "自动", "Automatic", False), ("manual", "手动", "Manual", True),
            ("off", "停", "Off", True)),
))  # fmt: skip

FIRE_PRESSURE = Form("fire_pressure", label("消防稳压", "Fire pressure set"), (
    _meter("roof_test", "屋顶试验栓压力", "Roof test pressure", "MPa", 2),
    _check("pumps", "稳压泵在自动位", "Pumps on automatic", photo=False),
    _check("valves", "阀门常开、有标识", "Valves open and labelled"),
))  # fmt: skip

GENSET = Form("genset", label("柴油发电机", "Genset"), (
    _meter("battery", "电池电压", "Battery", "V", 1),
    _meter("fuel", "油位", "Fuel", "%", 0),
    _meter("hours", "累计运行", "Running hours", "h", 0),
    _check("leaks", "无漏油、漏水", "No oil or water leaks"),
))  # fmt: skip

LIFT = Form("lift", label("电梯", "Lift"), (
    _meter("machine_room", "机房温度", "Machine room", "°C", 0),
    _number("downtime", "停梯时间", "Downtime", "min", 0),
    _check("intercom", "五方对讲", "Intercom"),
    _check("levelling", "平层、开关门", "Levelling and doors"),
))  # fmt: skip

CONTROL_CENTRE = Form("control_centre", label("监控中心", "Control centre"), (
    _number("offline", "离线摄像机", "Cameras off-line", "", 0, warn_high="2", alarm_high="5"),
    _check("playback", "能回放 15 天前", "Playback of 15 days ago", photo=False),
    _check("copies", "一周备份", "One week's copies", photo=False),
    _check("fire_host", "消防主机正常", "Fire panel normal"),
))  # fmt: skip

CLEANING = Form("cleaning", label("保洁", "Cleaning"), (
    _check("done", "已做完", "Done"),
    _photo("after", "抽拍", "Photo at random", 0),
))  # fmt: skip

HANDOVER = Form("handover", label("交接班", "Handover"), (
    _number("people", "到岗人数", "People on post", "", 0),
    _number("keys", "钥匙", "Keys", "", 0),
    _number("radios", "对讲机", "Radios", "", 0),
    _check("equipment", "器材完好", "Equipment in order"),
    _text("open_matters", "未了事项", "Open matters"),
    {"id": "at", "kind": "time", "label": label("交接时间", "Handed over at")},
    {"id": "said", "kind": "voice", "label": label("口头交代", "Said in person")},
    _signature("gave", "交班人签名", "Handed over by"),
    _signature("took", "接班人签名", "Taken over by"),
))  # fmt: skip

FORMS: tuple[Form, ...] = (
    FACILITIES, CORRIDOR, BOOSTER_PUMP, WATER_TANK, TRANSFORMER, SWITCH_ROOM, SUMP_PUMP, FIRE_PRESSURE,
    GENSET, LIFT, CONTROL_CENTRE, CLEANING, HANDOVER,
)  # fmt: skip
