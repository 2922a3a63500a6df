"""What to do about each finding, in plain words for whoever holds the camera, in English and in Chinese."""

from __future__ import annotations

from typing import Final

from avatars.voices.enrol.inspect.advice import ADVICE as SOUND
from avatars.voices.enrol.inspect.finding import Advice

_TEXTS: Final = {
    "hdr": (
        "This was recorded in HDR, whose colours cannot be restored. Switch HDR off in the camera and record again.",
        "视频为 HDR 录制，色彩无法还原。请在相机或手机中关闭 HDR 后重新录制。",
    ),
    "codec": (
        "The picture is coded in a rare way. Export it as MP4 (H.264).",
        "视频编码不常见，请导出为 MP4（H.264）。",
    ),
    "no_video": (
        "This is a still picture. Record a video; only the kind portrait takes a photograph.",
        "这是一张静态图片。请录制视频；只有 portrait 类型可以使用照片。",
    ),
    "no_alpha": (
        "It should be keyed already, but nothing in it is transparent. Export it with an alpha channel as MOV or WebM.",
        "视频应已抠像，但没有透明通道。请导出带 Alpha 通道的 MOV 或 WebM。",
    ),
    "not_mp4": (
        "MP4 is needed. Export or convert the video to MP4; a changed ending of the name is not enough.",
        "只接受 MP4 格式。请转换为 MP4 后再提交，仅修改扩展名无效。",
    ),
    "resolution": (
        "The picture is small. Record at 1080 x 1920 (upright) or more.",
        "分辨率偏低，请以 1080×1920（竖屏）或更高分辨率录制。",
    ),
    "rate": (
        "It is not 25 frames a second and will be converted. Set the camera to 25 fps next time.",
        "帧率不是 25 fps，将被强制转换。下次请将相机设为 25 fps。",
    ),
    "low_rate": (
        "There are too few frames a second for lips to be followed. Record at 25 fps.",
        "帧率过低，无法跟踪口型，请以 25 fps 录制。",
    ),
    "variable_rate": (
        "The frame rate varies, as telephones and screen recorders do it; lips and sound drift apart. "
        "Use a camera, or an app with a fixed rate of 25 fps.",
        "帧率不固定（常见于手机或录屏），会造成音画不同步。请使用固定 25 fps 的相机或应用录制。",
    ),
    "missing_frames": (
        "Frames are missing here: the picture will jump. Check the memory card's speed, and record again.",
        "此处丢帧，画面会跳动。请检查存储卡速度并重新录制。",
    ),
    "too_short": (
        "The recording is too short for this kind. See the table of lengths, and record on.",
        "时长不够，请参照各类型的时长要求补录。",
    ),
    "too_long": ("The recording is too long for this kind. Cut what is not needed.", "时长过长，请剪去不需要的部分。"),
    "cut": (
        "The picture jumps here, as at a cut. Record in a single take and do not edit; restart the sentence instead.",
        "此处画面跳变，疑似剪辑。请一镜到底，不要后期拼接；说错时闭嘴停顿两三秒再继续。",
    ),
    "black_frames": (
        "The picture is black or empty here. Export the original without fades, or record again.",
        "此处画面为黑屏或空白。请导出没有淡入淡出的原片，或重新录制。",
    ),
    "frozen": (
        "The picture stands still here. Send the original from the camera, or record again.",
        "此处画面静止不动。请提交相机原片，或重新录制。",
    ),
    "shake": (
        "The camera trembles. Use a tripod, and do not touch it or walk near it.",
        "镜头抖动。请使用三脚架，录制时不要触碰相机，避免地面震动。",
    ),
    "soft": (
        "Nothing in the picture is crisp. Focus on the eyes and clean the lens.",
        "整段画面不清晰。请对焦到眼睛，并清洁镜头。",
    ),
    "focus_lost": (
        "The focus is lost here. Switch autofocus off once the eyes are sharp.",
        "此处失焦。对焦到眼睛后请关闭自动对焦。",
    ),
    "border": (
        "There is a foreign line or bar at the picture's border. Export without borders, at the recording's own size.",
        "画面边缘有黑边或异色线条。请按原始尺寸导出，不要带边框。",
    ),
    "second_shade": (
        "The screen has two shades of colour. Use one cloth or paint and light all of it the same.",
        "幕布有两种颜色。请使用同一块幕布，并使整体光照一致。",
    ),
    "screen_uneven": (
        "The screen is lit unevenly. Light it from both sides, apart from the person.",
        "幕布受光不均。请从两侧单独为幕布打光。",
    ),
    "screen_shadow": (
        "There are shadows on the screen. Stand two metres or more before it and smooth its folds.",
        "幕布上有阴影。请让模特离幕布至少 2 米，并抚平褶皱。",
    ),
    "spill": (
        "The screen's colour shines on the person, or she wears it. Stand farther from the screen, cover the floor "
        "with black cloth, take off what mirrors.",
        "人物身上有幕布反光或同色衣物。请远离幕布，地面铺黑布，去掉反光饰品和同色服装。",
    ),
    "screen_object": (
        "Something that is no screen stands beside the person. Clear it away, or use a wider screen.",
        "人物旁边有非幕布的物体或空缺。请移走物品，或使用更大的幕布。",
    ),
    "no_face": (
        "No face is found in the whole recording. Come closer to the camera, facing it.",
        "整段视频未检测到人脸。请靠近并正对镜头。",
    ),
    "face_missing": (
        "The face cannot be seen here. Every frame needs it: no turning away, no hand or object before it.",
        "此处看不到人脸。每一帧都必须有人脸，不要转身，手和物品不要挡脸。",
    ),
    "second_face": (
        "A second face is in the picture. Nobody else, no poster and no mirror may be seen.",
        "画面中出现第二张脸。请勿出现他人、海报人像或镜子。",
    ),
    "head_turned": (
        "The head is turned by more than 30 degrees. Look into the lens; place the teleprompter right below it.",
        "头部转动超过 30 度。请正视镜头，提词器放在镜头正下方。",
    ),
    "head_far_turned": (
        "The head is turned by more than 45 degrees; the lips may fail here. Record this place again.",
        "头部转动超过 45 度，此处口型可能失败。请重录这一段。",
    ),
    "head_tilted": (
        "The head points far up or down. Put camera and teleprompter at the height of the eyes.",
        "抬头或低头过多。请将相机和提词器放在与眼睛同高处。",
    ),
    "looks_away": (
        "The head points beside the lens for a while. Look into the lens all the time.",
        "较长时间没有正对镜头。请始终看向镜头。",
    ),
    "lips_covered": (
        "Something may lie over the lips: a hand, a microphone, hair. Keep them free. (Judged by colour: look at it.)",
        "嘴部可能被手、话筒或头发遮挡，请保持无遮挡。（根据颜色判断，请人工确认。）",
    ),
    "lips_open_at_start": (
        "The lips are open in the silent part at the beginning. Keep them closed, without a gap, until you speak.",
        "开头静默部分嘴唇张开。开口前请完全闭合嘴唇，不留缝隙。",
    ),
    "lips_open": (
        "The lips stay open while nothing is said. Close them at every pause.",
        "停顿时嘴唇没有闭合。每次停顿请完全闭嘴。",
    ),
    "face_small": (
        "The face is small. Come closer, or record at a higher resolution.",
        "人脸太小。请靠近镜头，或提高分辨率。",
    ),
    "face_large": (
        "The face fills the picture. Step back until shoulders and hands are in it.",
        "人脸过大。请后退，使肩膀和双手都在画面内。",
    ),
    "off_centre": (
        "The face is far from the middle. Stand in the middle of the picture.",
        "人脸偏离画面中心。请站在画面正中。",
    ),
    "face_cut_off": (
        "The face reaches the picture's border. Leave room around the head.",
        "人脸触及画面边缘。请在头部四周留出空间。",
    ),
    "exposure": ("The picture is far too bright or too dark.", "画面过亮或过暗，请调整曝光。"),
    "overexposed": (
        "The face is burnt out. Close the aperture or dim the light.",
        "面部过曝。请缩小光圈或调暗灯光。",
    ),
    "underexposed": (
        "The face is too dark. Add light from the front.",
        "面部过暗。请增加正面光。",
    ),
    "one_sided_light": (
        "One side of the face is much darker. Put a light or a white board on that side.",
        "面部两侧明暗差异大。请在暗侧补光或放置反光板。",
    ),
    "flicker": (
        "The light flickers. Use steady lamps and a shutter of 1/50 s (1/60 s where mains have 60 Hz).",
        "光线闪烁。请使用无频闪灯具，快门设为 1/50 秒（60 Hz 地区为 1/60 秒）。",
    ),
    "no_sound": (
        "There is no sound. Record it together with the picture: the lips are learned from both.",
        "视频没有声音。请同步收音，口型训练需要声音。",
    ),
    "sound_damaged": (
        "The sound cannot be read. Export it again as MP4 with AAC sound.",
        "音频无法读取，请重新导出为 AAC 音频的 MP4。",
    ),
    "no_speech": ("Nobody speaks in it.", "没有检测到说话声。"),
    "no_silent_start": (
        "There is speech in the silent part. Begin in silence, lips closed: see the table for how many seconds.",
        "静默部分出现说话声。开头请闭嘴静默，时长见要求表。",
    ),
}
ADVICE: Final = SOUND | {rule: Advice(en=en, zh=zh) for rule, (en, zh) in _TEXTS.items()}
