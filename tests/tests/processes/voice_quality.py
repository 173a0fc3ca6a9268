"""How good a voice is that went through the venue: compares what was spoken with what was heard.

voice_quality.py SPOKEN.wav HEARD.wav
Prints JSON: pesq (ITU-T P.862.2, wideband), stoi, delay_ms (how far the heard lies behind, as the two files begin), gain_db.
"""

import json
import sys

import numpy
from pesq import pesq
from pystoi import stoi
from scipy.io import wavfile
from scipy.signal import correlate, resample_poly

RATE = 16_000
PART_SECONDS = 8


def read(path):
    rate, samples = wavfile.read(path)
    if samples.dtype == numpy.int16:
        samples = samples / 32_768.0
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    return resample_poly(samples.astype(numpy.float64), 1, rate // RATE)


def main():
    spoken, heard = read(sys.argv[1]), read(sys.argv[2])
    # Nothing is said before both are inside.
    begin = max(int(numpy.argmax(numpy.abs(spoken) > 0.01)) - RATE // 2, 0)
    spoken, heard = spoken[begin:], heard[begin:]
    # Where the heard begins: the peak of the whole correlation, to a sixteenth of a millisecond.
    likeness = correlate(heard, spoken, "full", method="fft")
    lag = int(numpy.argmax(likeness)) - (len(spoken) - 1)
    heard = heard[max(lag, 0):]
    count = min(len(spoken), len(heard))
    spoken, heard = spoken[:count], heard[:count]
    scores = []
    part = RATE * PART_SECONDS
    for begin in range(0, count - part + 1, part):
        one, other = spoken[begin:begin + part], heard[begin:begin + part]
        scores.append(pesq(RATE, one.astype(numpy.float32), other.astype(numpy.float32), "wb"))
    power = lambda samples: float(numpy.mean(samples ** 2)) + 1e-12
    print(json.dumps({
        "pesq": float(numpy.mean(scores)) if scores else 0.0,
        "stoi": float(stoi(spoken, heard, RATE)),
        "delay_ms": lag * 1000.0 / RATE,
        "gain_db": 10.0 * float(numpy.log10(power(heard) / power(spoken))),
        "seconds": count / RATE,
    }))


main()
