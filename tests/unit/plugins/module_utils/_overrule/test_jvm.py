from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import jvm as _jvm

FILES = {
    "/args": "# -Dcommented=1\n-Da.file=1 -Dquoted=\"x y\"\n'-Dwhole=z' @/other",
    "/options": "-Dan.option=1\n@/other",
    "/other": "-Dnever=1",
}


def given(words, environment=None):
    return _jvm.given(
        words, environment or {}, "the line", "the air", lambda path: FILES.get(path, "")
    )


def test_options():
    java = given(["-Xmx1g", "-Da=1", "-Db", "-Dc=d=e", "-cp", "-Dnone:conf", "-XX:-Da=2"])
    assert java.values == {"a": "1", "b": "", "c": "d=e"}
    assert set(java.places.values()) == {"the line"}
    assert java.class_path == "-Dnone:conf"


@pytest.mark.parametrize(
    "words", [["-cp", "a:b"], ["-classpath", "a:b"], ["--class-path", "a:b"], ["--class-path=a:b"]]
)
def test_class_paths(words):
    assert given(words).class_path == "a:b"


def test_what_comes_before_the_class_path():
    assert given(["-Xbootclasspath/a:/x.jar:/y"]).boot == ["/x.jar", "/y"]


def test_files_of_options():
    java = given(["@/args", "-XX:VMOptionsFile=/options", "@/missing", "@"])
    assert java.places == {
        "a.file": "/args",
        "quoted": "/args",
        "whole": "/args",
        "an.option": "/options",
    }
    assert java.values["quoted"] == "x y"


def test_variables():
    java = given(
        ["-Da=line"],
        {
            "JAVA_TOOL_OPTIONS": "-Dt=1 @/args",
            "JDK_JAVA_OPTIONS": "-Dj=1 @/args",
            "_JAVA_OPTIONS": "'-Do=1 2'",
            "JAVA_OPTS": "-Dscript=1",
        },
    )
    assert java.places["t"] == "JAVA_TOOL_OPTIONS in the air"
    assert java.places["j"] == "JDK_JAVA_OPTIONS in the air"
    assert (java.places["o"], java.values["o"]) == ("_JAVA_OPTIONS in the air", "1 2")
    assert java.places["a.file"] == "/args"  # only the launcher's own takes files
    assert "script" not in java.places


def test_options_end_with_the_main_class():
    line = ["java", "-Da=1", _jvm.MAIN_CLASS, "-Db=2", ""]
    assert _jvm.of_words(line) == ["-Da=1"]
    assert _jvm.of_words(["/bin/sh", "start.sh"]) == []


def test_words():
    assert _jvm.split("a 'b c' d\"e f\"g \n h") == ["a", "b c", "de fg", "h"]
    assert _jvm.split("it's") == ["it", "s"]


@pytest.mark.parametrize("text", ["'" * 400_001, "a'" * 200_001, "\"'" * 200_001, "a" * 10**6])
def test_in_linear_time(text):
    begun = time.process_time()
    _jvm.split(text)
    assert time.process_time() - begun < 2
