"""The ways in which a server takes a value before that of its settings files, put on a home.

Each is put there for a setting of its own, so that one start of a real server tries them all. The
same table tells the unit tests what has to be found, and what has not.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    process as _process,
)

# Texts that servers of all versions read and tell.
SETTINGS = (
    *("encoderName", "encoderPreset", "encoderProfile", "encoderLevel", "encoderRc"),
    *("encoderSpecific", "hlsPlayListType", "hlsListSize", "hlsTime", "vodFolder"),
    *("s3BucketName", "s3AccessKey", "s3Endpoint", "s3RegionName", "s3StreamsFolderPath"),
    *("s3PreviewsFolderPath", "stunServerURI", "dashSegDuration", "dashWindowSize"),
    *("dashExtraWindowSize", "dashFragmentDuration", "dashHttpEndpoint", "stalkerDBServer"),
    *("stalkerDBUsername", "stalkerDBPassword", "vp8EncoderDeadline", "webRTCSdpSemantics"),
    *("constantRateFactor", "tokenHashSecret", "jwtStreamSecretKey", "jwtSecretKey"),
)
APP = "LiveApp"  # the application that most of them are put on
PLAIN = "plain"  # one that nothing is put on by itself
ONE = "encoderName"  # the setting of those that have an application to themselves

BEANS = "http://www.springframework.org/schema/beans"
HEAD = (
    f'<beans xmlns="{BEANS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:context="http://www.springframework.org/schema/context"'
    f' xsi:schemaLocation="{BEANS} {BEANS}/spring-beans.xsd'
    " http://www.springframework.org/schema/context"
    ' http://www.springframework.org/schema/context/spring-context.xsd">'
)
FILLER = '<context:property-placeholder location="/WEB-INF/red5-web.properties"/>'
HOLDER = '<bean id="app.settings" class="io.antmedia.AppSettings" />'
INVOKES = "org.springframework.beans.factory.config.MethodInvokingFactoryBean"


@dataclass
class Place:
    """A home, and what its server is started with.

    outside: a folder beside it. options, environment: of Java. class_path: as on a command line.
    """

    home: Path
    version: str
    outside: Path
    options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    class_path: str = "ant-media-server-service.jar:conf"

    def setting(self, name: str) -> _catalogue.Setting:
        return _catalogue.by_name(_catalogue.APP, name)

    def key(self, name: str) -> str:
        """How servers of this version spell a setting."""
        return self.setting(name).key(_versions.parse(self.version))

    def info(self, app: str, *parts: str) -> Path:
        return self.home.joinpath("webapps", app, "WEB-INF", *parts)

    def conf(self, *parts: str) -> Path:
        return self.home.joinpath("conf", *parts)

    def write(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text, f"{path} has no {old}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def settings(self, app: str) -> Path:
        return self.info(app, "red5-web.properties")

    def beans(self, app: str) -> Path:
        return self.info(app, "red5-web.xml")

    def process(self, started: float) -> _process.Process:
        """The process that such a start makes, as far as anything looks at it."""
        words = ("java", *self.options, "-cp", self.class_path)
        words += ("org.red5.server.Bootstrap", "9999")
        return _process.Process(
            4242, started, {"PATH": "/bin", **self.environment}, 1, 0, words, str(self.home)
        )

    def fill(self, app: str, names=SETTINGS, text: str = "file") -> None:
        """Have an application's file say something about settings."""
        keys = {spelling for name in names for spelling in _spellings(self.setting(name))}
        lines = self.settings(app).read_text("latin-1").split("\n")
        kept = [line for line in lines if line.partition("=")[0] not in keys]
        kept += [f"{self.key(name)}={text}" for name in names]
        self.settings(app).write_text("\n".join(kept) + "\n", "latin-1")


def _spellings(setting):
    return {setting.name, setting.legacy, setting.shared} - {None}


def parameter(key: str) -> str:
    names = f"<param-name>{key}</param-name><param-value>W</param-value>"
    return f"<context-param>{names}</context-param>"


def invoke(place: Place, name: str) -> str:
    """A bean that calls the setter of a setting."""
    field_ = place.setting(name).field
    return (
        f'<bean class="{INVOKES}"><property name="targetObject" ref="app.settings"/>'
        f'<property name="targetMethod" value="set{field_[0].upper()}{field_[1:]}"/>'
        '<property name="arguments"><list><value>W</value></list></property></bean>'
    )


def system_property(key: str) -> str:
    """A bean that sets a system property."""
    return (
        f'<bean class="{INVOKES}">'
        '<property name="staticMethod" value="java.lang.System.setProperty"/>'
        f'<property name="arguments"><list><value>{key}</value><value>W</value></list></property>'
        "</bean>"
    )


def _context(place: Place, app: str, inside: str) -> Path:
    path = place.home / "webapps" / app / "META-INF" / "context.xml"
    if not path.exists():
        place.write(path, "<Context></Context>")
    text = path.read_text("utf-8")
    path.write_text(text.replace("<Context>", f"<Context>{inside}", 1), "utf-8")
    return path


# What a shipped server has, in as far as anything here changes it.
CONF = {
    "red5.xml": (
        '<bean id="placeholderConfig"'
        ' class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer">'
        '<property name="location" value="classpath:/red5.properties" /></bean>'
        '<import resource="classpath:/jee-container.xml" />'
        '<bean id="ant.media.server.settings" class="io.antmedia.settings.ServerSettings"></bean>'
    ),
    "red5-common.xml": (
        '<bean id="statsCollector"><property name="cpuLimit" value="${server.cpu_limit}"/></bean>'
    ),
    "red5-core.xml": (
        '<bean id="rtmpTransport"><property name="addresses"><list>'
        "<value>${rtmp.host}:${rtmp.port}</value></list></property></bean>"
        '<bean id="rtmpsMinaIoHandler">'
        '<property name="keystorePassword" value="${rtmps.keystorepass}" />'
        '<property name="truststorePassword" value="${rtmps.truststorepass}" /></bean>'
    ),
    "jee-container.xml": (
        '<bean id="tomcat.server"><property name="webappFolder" value="${red5.root}/webapps" />'
        '<property name="connectors"><list><bean name="httpConnector">'
        '<property name="address" value="${http.host}:${http.port}" /></bean></list></property>'
        '<property name="valves"><list>'
        '<bean class="org.apache.catalina.valves.RemoteIpValve" /></list></property></bean>'
    ),
}
LOG = '<configuration><property file="x"/><appender name="FILE"/></configuration>'
DESCRIPTOR = (
    "<web-app><context-param><param-name>webAppRootKey</param-name><param-value>/NAME</param-value>"
    "</context-param><listener><listener-class>x</listener-class></listener></web-app>"
)
APP_BEANS = (
    f"{FILLER}<!-- settings.encoderName, setHlsTime -->{HOLDER}"
    '<bean id="web.handler"><property name="appSettings" ref="app.settings" />'
    '<property name="encoderName" ref="acceptOnlyStreamsInDataStore"/></bean>'
    '<bean id="acceptOnlyStreamsInDataStore" class="x"/>'
)


def dress(home: Path, apps) -> None:
    """Give a made-up home the files in which settings can be overruled, as if shipped."""
    files = {home / "conf" / name: f"{HEAD}{text}</beans>" for name, text in CONF.items()}
    files[home / "conf" / "logback.xml"] = LOG
    files[home / "conf" / "context.xml"] = "<Context></Context>"
    files[home / "conf" / "red5.globals"] = (
        "default.context=${red5.root}/webapps/red5-default.xml\n"
    )
    files[home / "webapps" / "red5-default.xml"] = f"{HEAD}<bean id='global.scope'/></beans>"
    for app in apps:
        info = home / "webapps" / app / "WEB-INF"
        files[info / "web.xml"] = DESCRIPTOR.replace("NAME", app)
        files[info / "red5-web.xml"] = f"{HEAD}{APP_BEANS}</beans>"
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


# --- each for a setting of one application, or of all: a function of the place, the setting's name
# and its key, which returns the path that has to be named, or the words ---


def _options(place, _name, key):
    place.options.append(f"-D{key}=W")
    return "the server's command line"


def _tool_options(place, _name, key):
    place.environment["JAVA_TOOL_OPTIONS"] = f"-Dother=1 '-D{key}=W'"
    return "JAVA_TOOL_OPTIONS in the server's environment"


def _old_options(place, _name, key):
    place.environment["_JAVA_OPTIONS"] = f"-D{key}=W"
    return "_JAVA_OPTIONS in the server's environment"


def _jdk_options(place, _name, key):
    path = place.write(place.outside / "jdk.args", f"# options\n-D{key}=W\n")
    place.environment["JDK_JAVA_OPTIONS"] = f"-Dother=2 @{path}"
    return str(path)


def _argument_file(place, _name, key):
    path = place.write(place.outside / "java.args", f'-Dother=3\n"-D{key}=W"\n')
    place.options.append(f"@{path}")
    return str(path)


def _option_file(place, _name, key):
    path = place.write(place.outside / "vm.options", f"-D{key}=W\n")
    place.options.append(f"-XX:VMOptionsFile={path}")
    return str(path)


def _variable(place, _name, key):
    place.environment[key] = "W"
    return "the server's environment"


def _loud_variable(place, _name, key):
    place.environment[key.replace(".", "_").upper()] = "W"
    return "the server's environment"


def _descriptor(place, _name, key):
    path = place.info(APP, "web.xml")
    place.change(path, "<listener>", parameter(key) + "<listener>")
    return str(path)


def _descriptor_entry(place, _name, key):
    path = place.info(APP, "web.xml")
    entry = (
        f"<env-entry><env-entry-name>{key}</env-entry-name>"
        "<env-entry-type>java.lang.String</env-entry-type>"
        "<env-entry-value>W</env-entry-value></env-entry>"
    )
    place.change(path, "<listener>", entry + "<listener>")
    return str(path)


def _newer_descriptor(place, _name, key):
    return str(
        place.write(place.info(APP, "tomcat-web.xml"), f"<web-app>{parameter(key)}</web-app>")
    )


def _fragment(place, _name, key):
    path = place.info(APP, "lib", "fragment.jar")
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        text = f'<web-fragment version="3.0">{parameter(key)}</web-fragment>'
        archive.writestr("META-INF/web-fragment.xml", text)
    return f"{path}!META-INF/web-fragment.xml"


def _context_parameter(place, _name, key):
    return str(_context(place, APP, f'<Parameter name="{key}" value="W" override="false"/>'))


def _context_entry(place, _name, key):
    entry = f'<Environment name="{key}" value="W" type="java.lang.String"/>'
    return str(_context(place, APP, entry))


def _context_resource(place, _name, key):
    # Its value is an empty text.
    kind = 'type="java.lang.String" factory="org.apache.naming.factory.BeanFactory"'
    return str(_context(place, APP, f'<Resource name="{key}" auth="Container" {kind}/>'))


def _all_contexts(place, _name, key):
    path = place.conf("context.xml")
    place.change(path, "<Context>", f'<Context><Parameter name="{key}" value="W"/>')
    return str(path)


def _host_context(place, _name, key):
    path = place.conf("red5Engine", "127.0.0.1", "context.xml.default")
    return str(place.write(path, f'<Context><Parameter name="{key}" value="W"/></Context>'))


def _host_descriptor(place, _name, key):
    path = place.conf("red5Engine", "127.0.0.1", "web.xml.default")
    return str(place.write(path, f"<web-app>{parameter(key)}</web-app>"))


def _log(place, _name, key):
    path = place.conf("logback.xml")
    line = f'<property scope="system" name="{key}" value="W"/><appender'
    place.change(path, "<appender", line)
    return str(path)


def _log_of_file(place, _name, key):
    path = place.write(place.conf("more.properties"), f"{key}=W\n")
    line = f'<property scope="SYSTEM" file="{path}"/><appender'
    place.change(place.conf("logback.xml"), "<appender", line)
    return str(path)


def _included_log(place, _name, key):
    text = f'<included><variable scope="system" name="{key}" value="W"/></included>'
    path = place.write(place.conf("inner.xml"), text)
    place.change(place.conf("logback.xml"), "<appender", f'<include file="{path}"/><appender')
    return str(path)


def _log_of_app(place, _name, key):
    text = f'<configuration><property scope="system" name="{key}" value="W"/></configuration>'
    return str(place.write(place.info(APP, "classes", f"logback-{APP}.xml"), text))


def _bean_property(place, name, _key):
    field_ = place.setting(name).field
    opened = HOLDER.replace(" />", ">")
    given = f'{opened}<property name="{field_}" value="W"/></bean>'
    if HOLDER in place.beans(APP).read_text("utf-8"):
        place.change(place.beans(APP), HOLDER, given)
    return str(place.beans(APP))


def _bean_attribute(place, name, _key):
    path = place.beans(APP)
    shortcut = 'xmlns:p="http://www.springframework.org/schema/p"'
    field_ = place.setting(name).field
    place.change(
        path, '"io.antmedia.AppSettings"', f'"io.antmedia.AppSettings" {shortcut} p:{field_}="W"'
    )
    return str(path)


def _setter(place, name, _key):
    place.change(place.beans(APP), "</beans>", invoke(place, name) + "</beans>")
    return str(place.beans(APP))


def _further_beans(place, name, _key):
    path = place.info(APP, "red5-more.xml")
    return str(place.write(path, f"{HEAD}{invoke(place, name)}</beans>"))


def _imported_beans(place, name, _key):
    path = place.write(place.info(APP, "more.xml"), f"{HEAD}{invoke(place, name)}</beans>")
    place.change(place.beans(APP), "</beans>", '<import resource="more.xml"/></beans>')
    return str(path)


def _shared_beans(place, _name, key):
    path = place.conf("red5-common.xml")
    place.change(path, "</beans>", system_property(key) + "</beans>")
    return str(path)


def _default_beans(place, _name, key):
    path = place.home / "webapps" / "red5-default.xml"
    place.change(path, "</beans>", system_property(key) + "</beans>")
    return str(path)


def _tomcat_10(version):
    return _versions.parse(version) >= _versions.TOMCAT_10


def _always(_version):
    return True


def _never(_version):
    return False


@dataclass(frozen=True)
class Way:
    """A way: how it is put on a place, in which versions a server takes it, and for whom."""

    put: Callable
    takes: Callable = _always
    everywhere: bool = False


WAYS = {
    "an option of Java": Way(_options, everywhere=True),
    "JAVA_TOOL_OPTIONS": Way(_tool_options, everywhere=True),
    "_JAVA_OPTIONS": Way(_old_options, everywhere=True),
    "a file that JDK_JAVA_OPTIONS names": Way(_jdk_options, everywhere=True),
    "a file of arguments": Way(_argument_file, everywhere=True),
    "a file of options": Way(_option_file, everywhere=True),
    "a variable": Way(_variable, everywhere=True),
    "a variable in capitals": Way(_loud_variable, everywhere=True),
    "web.xml": Way(_descriptor),
    "an entry of web.xml": Way(_descriptor_entry),
    "tomcat-web.xml": Way(_newer_descriptor, _tomcat_10),
    "a web fragment": Way(_fragment),
    "context.xml": Way(_context_parameter),
    "an entry of context.xml": Way(_context_entry),
    "a resource of context.xml": Way(_context_resource),
    "conf/context.xml": Way(_all_contexts, everywhere=True),
    "the host's context.xml": Way(_host_context, everywhere=True),
    "the host's web.xml": Way(_host_descriptor, everywhere=True),
    "logback.xml": Way(_log, everywhere=True),
    "a file that logback.xml names": Way(_log_of_file, everywhere=True),
    "what logback.xml includes": Way(_included_log, everywhere=True),
    "a logback.xml of an application": Way(_log_of_app, everywhere=True),
    "a property of the bean": Way(_bean_property),
    "an attribute of the bean": Way(_bean_attribute),
    "a call of a setter": Way(_setter),
    "further beans": Way(_further_beans),
    "imported beans": Way(_imported_beans),
    "beans of the server": Way(_shared_beans, everywhere=True),
    "beans of all applications": Way(_default_beans, everywhere=True),
}


# --- each for an application of its own ---


def _copy(place, app, name="more.properties"):
    """Another file with all of an application's settings and one of its own."""
    text = place.settings(app).read_text("latin-1")
    path = place.info(app, name)
    key = place.key(ONE)
    path.write_text(text.replace(f"{key}=file", f"{key}=W"), "latin-1")
    return path


def _located(place, app, text):
    place.change(place.beans(app), FILLER, text)
    return _copy(place, app)


MORE = FILLER.replace("red5-web.properties", "more.properties")


def _two_files(place, app):
    both = '"/WEB-INF/red5-web.properties,/WEB-INF/more.properties"'
    return str(_located(place, app, f"<context:property-placeholder location={both}/>"))


def _two_files_ours_last(place, app):
    both = '"/WEB-INF/more.properties,/WEB-INF/red5-web.properties"'
    return str(_located(place, app, f"<context:property-placeholder location={both}/>"))


def _filler_before(place, app):
    _located(place, app, MORE + FILLER)
    return str(place.beans(app))


def _filler_after(place, app):
    _located(place, app, FILLER + MORE)
    return str(place.beans(app))


def _filler_in_front(place, app):
    _located(place, app, FILLER + MORE.replace("/>", ' order="1"/>'))
    return str(place.beans(app))


def _other_beans(place, app):
    _copy(place, app)
    text = place.beans(app).read_text("utf-8").replace("red5-web.properties", "more.properties")
    path = place.write(place.info(app, "other.xml"), text)
    names = "<param-name>contextConfigLocation</param-name>"
    given = f"<context-param>{names}<param-value>/WEB-INF/other.xml</param-value></context-param>"
    place.change(place.info(app, "web.xml"), "<listener>", given + "<listener>")
    return str(path)


def _mounted(place, app):
    path = _copy(place, app)
    mount = (
        '<Resources><PreResources className="org.apache.catalina.webresources.FileResourceSet"'
        f' base="{path}" webAppMount="/WEB-INF/red5-web.properties"/></Resources>'
    )
    context = place.home / "webapps" / app / "META-INF" / "context.xml"
    return str(place.write(context, f"<Context>{mount}</Context>"))


def _mounted_behind(place, app):
    _mounted(place, app)
    context = place.home / "webapps" / app / "META-INF" / "context.xml"
    text = context.read_text("utf-8").replace("PreResources", "PostResources")
    return str(place.write(context, text))


def _overriding(place, app):
    place.write(place.info(app, "override.properties"), f"app.settings/{ONE}=W\n")
    text = (
        '<bean class="org.springframework.beans.factory.config.PropertyOverrideConfigurer">'
        '<property name="beanNameSeparator" value="/"/>'
        '<property name="location" value="/WEB-INF/override.properties"/></bean></beans>'
    )
    place.change(place.beans(app), "</beans>", text)
    return str(place.beans(app))


def _second_bean(place, app):
    # Which of two files comes last is up to the server.
    bean = HOLDER.replace(" />", f'><property name="{ONE}" value="W"/></bean>')
    for name in ("a", "m", "r", "z"):
        path = place.write(place.info(app, f"red5-{name}.xml"), f"{HEAD}{bean}</beans>")
    return str(path)


def _expression(place, app):
    bean = '<bean class="java.util.Date"><constructor-arg value="#{ @\'app.settings\'.set'
    bean += f"{ONE[0].upper()}{ONE[1:]}('W') == null ? 1L : 2L }}\"/></bean></beans>"
    place.change(place.beans(app), "</beans>", bean)
    return str(place.beans(app))


def _reference(place, app):
    place.environment["OTHER_PLACE"] = "W"
    key = place.key(ONE)
    path = place.settings(app)
    place.change(path, f"{key}=file", f"{key}=${{OTHER_PLACE}}")
    return str(path)


def _own_files_first(place, app):
    place.change(place.beans(app), " location=", ' local-override="true" location=')
    return str(place.beans(app))


def _other_spelling(place, app):
    setting = place.setting(ONE)
    other = setting.legacy if place.key(ONE) == setting.name else setting.name
    path = place.info(app, "web.xml")
    place.change(path, "<listener>", parameter(other) + "<listener>")
    return str(path)


# None: no server takes it.
OF_APPS = {
    "two_files": Way(_two_files),
    "two_files_ours_last": Way(_two_files_ours_last, _never),
    "filler_before": Way(_filler_before),
    "filler_after": Way(_filler_after, _never),
    "filler_in_front": Way(_filler_in_front),
    "other_beans": Way(_other_beans),
    "mounted": Way(_mounted),
    "mounted_behind": Way(_mounted_behind, _never),
    "overriding": Way(_overriding),
    "second_bean": Way(_second_bean),
    "expression": Way(_expression),
    "reference": Way(_reference),
    "own_files_first": Way(_own_files_first, _never),
    "other_spelling": Way(_other_spelling, _never),
}


# --- each for a setting of the server itself ---


def _without(place, key):
    path = place.conf("red5.properties")
    lines = path.read_text("latin-1").split("\n")
    path.write_text("\n".join(li for li in lines if li.partition("=")[0] != key), "latin-1")


def _server_bean(place, key):
    kind = 'class="io.antmedia.settings.ServerSettings"'
    field_ = _catalogue.by_name(_catalogue.SERVER, key).field
    path = place.conf("red5.xml")
    text = path.read_text("utf-8")
    shortcut = 'xmlns:p="http://www.springframework.org/schema/p"'
    path.write_text(text.replace(kind, f'{kind} {shortcut} p:{field_}="4999"', 1), "utf-8")
    return str(path)


def _server_file(place, key):
    path = place.write(place.conf("server.properties"), f"{key}=W\n")
    location = '<property name="location" value="classpath:/red5.properties" />'
    both = "<value>classpath:/red5.properties</value><value>classpath:/server.properties</value>"
    more = f'<property name="locations"><list>{both}</list></property>'
    place.change(place.conf("red5.xml"), location, more)
    return str(path)


def _server_option(place, key):
    _without(place, key)
    place.options.append(f"-D{key}=4998")
    return "the server's command line"


def _server_option_beside_the_file(place, key):
    place.options.append(f"-D{key}=W")
    return "the server's command line"


# By the setting, with the value that tells that a server has taken it.
OF_SERVER = {
    "server.srt_port": (Way(_server_bean), 4999),
    "server.licence_key": (Way(_server_file), "W"),
    "server.origin_port": (Way(_server_option), 4998),
    "server.jwksURL": (Way(_server_option_beside_the_file, _never), "W"),
}
