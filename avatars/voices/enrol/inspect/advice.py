"""What to do about each finding, in English and in Chinese."""

from __future__ import annotations

from typing import Final

from avatars.voices.enrol.inspect.finding import Advice

_TEXTS: Final = {
    "too_short": (
        "There is too little speech. Go on reading; pauses do not count.",
        "有效语音不够，请继续录制；停顿不计入时长。",
    ),
    "too_long": (
        "There is more speech than this profile takes. Cut it, or choose the full profile.",
        "有效语音超出此方案的上限，请剪短，或改用完整方案。",
    ),
    "sample_rate": (
        "The file holds a telephone's sound. Record at 44.1 or 48 kHz.",
        "采样率过低，接近电话音质，请以 44.1 或 48 kHz 录制。",
    ),
    "bandwidth": (
        "The treble is missing, as over a telephone or a radio headset. Use a wired microphone and a lossless file.",
        "缺少高频，像是电话或蓝牙耳机录音，请用有线麦克风录制无损文件。",
    ),
    "dead_channel": (
        "One side of the stereo recording is silent; the other one was used.",
        "立体声有一侧没有声音，已只采用另一侧。",
    ),
    "clipping": (
        "The sound is distorted here. Turn the microphone down and keep a hand's width more distance.",
        "此处声音过载失真，请调低录音音量，并离麦克风再远一些。",
    ),
    "low_level": (
        "The voice is very quiet. Come closer to the microphone or turn it up.",
        "声音太小，请靠近麦克风或调高录音音量。",
    ),
    "level_drift": (
        "The voice is much louder or quieter here than elsewhere. Keep your distance and your manner of speaking.",
        "此处音量与其他部分相差较大，请保持与麦克风的距离和说话的力度。",
    ),
    "noise": (
        "The room is noisy. Close the window, switch off fans and machines, or move to a quieter room.",
        "环境噪声较大，请关窗，关闭风扇和其他设备，或换到更安静的房间。",
    ),
    "hum": (
        "A mains hum is heard. Keep the cable away from power supplies, or run the computer from its battery.",
        "有电源嗡嗡声，请让线材远离电源，或改用电池供电。",
    ),
    "reverberation": (
        "The room echoes. Record among curtains, carpets or clothes, closer to the microphone.",
        "房间有回声，请在有窗帘、地毯或衣物的地方，离麦克风近一些录制。",
    ),
    "plosive": (
        "Breath hits the microphone here. Use a pop filter, or speak past the microphone.",
        "此处气流喷到了麦克风，请使用防喷罩，或稍微偏离麦克风说话。",
    ),
    "filler": (
        "A filler or a drawn-out sound is heard here. Cut it out, or read the sentence again.",
        "此处有语气词或拖长音，请剪掉，或重读这一句。",
    ),
    "second_speaker": (
        "This does not sound like the same person. Only one person may be heard; cut the place out.",
        "此处听起来不是同一个人，录音中只能有一位说话人，请剪掉这一段。",
    ),
    "repeat": (
        "These words were read before. Read each text once, and another text here.",
        "这段内容前面已经读过，每段文字只读一遍，请换一段文字。",
    ),
}
ADVICE: Final = {rule: Advice(en=en, zh=zh) for rule, (en, zh) in _TEXTS.items()}
