"""The words and the look of the report."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "en": {
        "title": "Inspection of the recording", "passed": "This recording can be used.",
        "failed": "This recording cannot be used yet.", "found": "What was found", "none": "Nothing was found.",
        "file": "File", "kind": "Kind", "length": "Length", "picture": "Picture", "screen": "Screen",
        "screen_green": "green", "screen_blue": "blue", "screen_none": "none",
        "line": "Line of time; {n} places are marked", "more": "more",
        "measured": "Measured", "limit": "limit", "error": "must be mended", "warning": "should be mended",
        "note": "for information", "unjudged": "Not judged", "checklist": "To be judged by a person",
        "not_faces": "Faces: the networks that find them are not installed.",
        "not_sound": "The sound: there is none that could be read.",
        "not_second_voice": "Whether a second person speaks: the network that tells voices apart is not installed.",
        "not_eyes": "Where the eyes look; only the head's direction is measured.",
        "not_hands": "Hands and objects before the lips, save by a change of colour.",
        "not_lip_sync": "Whether lips and sound are together.",
    },
    "zh": {
        "title": "录制素材检查报告", "passed": "素材可以使用。", "failed": "素材还不能使用。", "found": "发现的问题",
        "none": "没有发现问题。", "file": "文件", "kind": "类型", "length": "时长", "picture": "画面", "screen": "幕布",
        "screen_green": "绿幕", "screen_blue": "蓝幕", "screen_none": "无",
        "line": "时间线，标出 {n} 处", "more": "处未列出", "measured": "实测",
        "limit": "限值", "error": "必须修正", "warning": "建议修正", "note": "提示", "unjudged": "未检查的内容",
        "checklist": "需要人工确认", "not_faces": "人脸：未安装检测模型。", "not_sound": "声音：没有可读取的音频。",
        "not_second_voice": "是否有第二人说话：未安装声纹模型。", "not_eyes": "视线方向：只测量头部朝向。",
        "not_hands": "手或物品遮挡嘴部：仅根据颜色变化判断。", "not_lip_sync": "音画是否同步。",
    },
}  # fmt: skip
RULES: Final = {
    "hdr": ("HDR", "HDR 视频"), "codec": ("Rare coding", "编码不常见"), "no_video": ("A still picture", "静态图片"),
    "no_alpha": ("Nothing is transparent", "没有透明通道"), "not_mp4": ("Not an MP4", "不是 MP4"),
    "resolution": ("Small picture", "分辨率低"), "rate": ("Not 25 fps", "帧率不是 25"),
    "low_rate": ("Too few frames", "帧率过低"), "variable_rate": ("Varying frame rate", "帧率不固定"),
    "missing_frames": ("Missing frames", "丢帧"), "too_short": ("Too short", "时长不足"),
    "too_long": ("Too long", "时长过长"), "cut": ("Cut or jump", "剪辑或跳变"),
    "black_frames": ("Black or empty frames", "黑屏或空白"), "frozen": ("Frozen picture", "画面静止"),
    "shake": ("Camera shake", "镜头抖动"), "soft": ("Out of focus", "画面模糊"), "focus_lost": ("Focus lost", "失焦"),
    "border": ("Line at the border", "边缘异色线"), "second_shade": ("Two shades of screen", "幕布颜色不一"),
    "screen_uneven": ("Uneven screen", "幕布受光不均"), "screen_shadow": ("Shadow on the screen", "幕布阴影"),
    "spill": ("Screen's light on the person", "幕布反光"), "screen_object": ("Object beside the person", "幕布外物体"),
    "no_face": ("No face", "没有人脸"), "face_missing": ("Face missing", "人脸缺失"),
    "second_face": ("Second face", "第二张脸"), "head_turned": ("Head turned", "头部偏转"),
    "head_far_turned": ("Head turned far", "头部大角度偏转"), "head_tilted": ("Head up or down", "抬头或低头"),
    "looks_away": ("Looks beside the lens", "未看镜头"), "lips_covered": ("Lips covered", "嘴部遮挡"),
    "lips_open_at_start": ("Lips open at the start", "开头嘴唇张开"),
    "lips_open": ("Lips open in a pause", "停顿时张嘴"),
    "face_small": ("Small face", "人脸太小"), "face_large": ("Face too large", "人脸过大"),
    "off_centre": ("Off centre", "偏离中心"), "face_cut_off": ("Face at the border", "人脸出画"),
    "exposure": ("Exposure", "曝光"), "overexposed": ("Face burnt out", "面部过曝"),
    "underexposed": ("Face too dark", "面部过暗"), "one_sided_light": ("One-sided light", "单侧受光"),
    "flicker": ("Flickering light", "光线闪烁"), "no_sound": ("No sound", "没有声音"),
    "sound_damaged": ("Sound damaged", "音频损坏"), "no_speech": ("No speech", "没有说话声"),
    "no_silent_start": ("No silence at the start", "开头没有静默"), "clipping": ("Distorted sound", "声音过载"),
    "low_level": ("Quiet voice", "音量过低"), "level_drift": ("Voice grows or fades", "音量不稳"),
    "noise": ("Noise", "噪声"), "hum": ("Mains hum", "电源嗡声"), "reverberation": ("Echo", "回声"),
    "second_speaker": ("Second voice", "第二人声"), "bandwidth": ("Dull sound", "缺少高频"),
    "sample_rate": ("Telephone sound", "采样率低"), "dead_channel": ("One silent channel", "单声道无声"),
}  # fmt: skip
"""The name of each rule in English and in Chinese."""
STYLE: Final = (
    "body{font:16px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:0;color:#1c1b1f;background:#fff}"
    "main{max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}"
    ".verdict{font-weight:600;padding:.7rem 1rem;border-radius:.4rem}.passed{background:#e4f3e6;color:#14532d}"
    ".failed{background:#fbe6e4;color:#8c1d18}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}"
    "dt{color:#5f5f66}dd{margin:0;overflow-wrap:anywhere}svg{display:block;width:100%;height:50px;border-radius:.3rem}"
    ".ends{display:flex;justify-content:space-between;margin:0;color:#5f5f66;font-size:.85rem}"
    "article{display:flex;gap:1rem;border-left:.35rem solid;border-radius:.2rem;padding:.6rem 1rem;margin:.8rem 0;"
    "background:#fafafa;break-inside:avoid}article img{height:10rem;width:auto;max-width:45%;object-fit:contain;"
    "align-self:start}article p{margin:.2rem 0}h3{margin:0;font-size:1rem}h3 span{font-weight:400;font-size:.85rem;"
    "margin-left:.8rem;color:#5f5f66}.error{border-color:#b3261e}.warning{border-color:#b26a00}"
    ".note{border-color:#3a5f8a}.checklist li{list-style:'☐  '}"
    "@media(max-width:34rem){article{flex-direction:column}article img{max-width:100%}}"
)
